"""The papers behind a run, for people; ``stdpnet cite`` has them for BibTeX."""

from dataclasses import dataclass, field

from stdpnet.commands.cite import Reason, entries, named_in, short_name, value


@dataclass
class Paper:
    """A source.

    Attributes
    ----------
    name : str
        As ``Diehl & Cook 2015``.
    title, doi : str
        Empty where they are not known.
    reasons : list of str
        What the run took from it.
    """

    name: str
    title: str = ""
    doi: str = ""
    reasons: list[str] = field(default_factory=list)


def papers(reasons: list[Reason]) -> list[Paper]:
    """Return what some texts name, each once, with every reason.

    Parameters
    ----------
    reasons : list of (str, str)
        From `stdpnet.commands.cite.reasons_of`. A text that names no paper stands for itself.

    Returns
    -------
    list of Paper

    Examples
    --------
    >>> papers([("the model", "Diehl & Cook 2015"), ("the rule", "Diehl & Cook 2015, eq. 3")])[0].reasons
    ['the model', 'the rule']
    """
    known, found = entries(), dict[str, Paper]()
    for reason, text in reasons:
        for key in named_in(text) or [text]:
            if key not in found:
                entry = known.get(key, "")
                title = value(entry, "title").replace("{", "").replace("}", "")
                doi = value(entry, "doi") or (key if key.startswith("10.") else "")
                found[key] = Paper(short_name(entry) if entry else key, title, doi)
            found[key].reasons.append(reason)
    return list(found.values())
