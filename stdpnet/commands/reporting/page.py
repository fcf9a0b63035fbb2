"""A run as a page: each part is read, drawn and put into the template; what is missing says why."""

from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

import stdpnet
from stdpnet.commands.cite import bibliography, reasons_of
from stdpnet.commands.reporting import facts, pictures
from stdpnet.commands.reporting.configuration import rows
from stdpnet.commands.reporting.errors import errors
from stdpnet.commands.reporting.papers import papers
from stdpnet.commands.reporting.readouts import readouts
from stdpnet.commands.reporting.tried import tried
from stdpnet.experiments.stdp.run_folder import RunFolder

TEMPLATES = Environment(
    loader=PackageLoader("stdpnet.commands.reporting", "template"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["percent"] = lambda share, digits=2: f"{100 * share:.{digits}f}\N{NO-BREAK SPACE}%"
TEMPLATES.filters["interval"] = lambda ends: f"{100 * ends[0]:.2f} to {100 * ends[1]:.2f}\N{NO-BREAK SPACE}%"
TEMPLATES.filters["count"] = lambda number: f"{number:,}"


def page(folder: RunFolder) -> str:
    """Return the report of a run as HTML, with nothing outside of it.

    Parameters
    ----------
    folder : RunFolder

    Returns
    -------
    str

    Raises
    ------
    RunFolderError
        When it holds no configuration of a training; all else may be missing.
    """
    config = folder.config()
    dataset, reasons = tried(facts.data_of, folder), tried(reasons_of, folder.path)
    parameters = rows(config)
    return TEMPLATES.get_template("page.html").render(
        title=folder.path.resolve().name,
        folder=str(folder.path),
        headline=facts.headline(folder, config, dataset.found),
        evaluation=tried(folder.evaluation),
        unlabelled=dataset.found is not None and dataset.found.missing("train_labels", "test_images", "test_labels"),
        dataset=dataset,
        made=tried(facts.made, folder),
        log_times=facts.log_times(folder),
        curve=tried(pictures.curve, folder),
        fields=tried(pictures.fields, folder),
        matrix=tried(pictures.matrix, folder),
        errors=tried(errors, folder, dataset.found),
        readouts=tried(readouts, folder),
        changed=[row for row in parameters if row.differs],
        usual=[row for row in parameters if not row.differs],
        versions=tried(facts.versions, folder),
        papers=papers(reasons.found or []),
        no_papers=reasons.why,
        bibtex=bibliography(reasons.found or []),
        version=stdpnet.__version__,
        now=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )
