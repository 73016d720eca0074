"""INI files with places, read as `configparser` reads them, without interpolation."""

from __future__ import annotations

from msgspec import Struct

from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern

_SECTION = pattern(r"\[(?P<name>.+)\]")
_OPTION = pattern(r"(?P<key>[^\s=:][^=:]*?)\s*[=:]")


#: `configparser` takes quadratic time over a line.
MAX_LINE = 10_000


class IniDocument(Struct, frozen=True):
    """Options by section, keys in lower case, and where each stands by (section, key)."""

    sections: dict[str, dict[str, str]]
    places: dict[tuple[str, str], Location]


def read_ini(text: str, file: str) -> IniDocument:
    """Raises `SyntaxProblem` at the line that is wrong."""
    import configparser  # few repositories have such files, and importing it takes as long as reading a dozen others

    long = next((number for number, line in enumerate(text.splitlines(), 1) if len(line) > MAX_LINE), 0)
    if long:
        raise SyntaxProblem("a line too long to be a setting", file=file, line=long)
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text, file)
    except configparser.MissingSectionHeaderError as error:
        raise SyntaxProblem("a line before the first section", file=file, line=error.lineno) from error
    except configparser.ParsingError as error:
        line = error.errors[0][0] if error.errors else 0
        raise SyntaxProblem("neither a section, nor a key with a value", file=file, line=line) from error
    except (configparser.DuplicateSectionError, configparser.DuplicateOptionError) as error:
        what = error.option if isinstance(error, configparser.DuplicateOptionError) else error.section
        raise SyntaxProblem(f"{what!r} stands twice", file=file, line=error.lineno or 0) from error
    sections = {name: dict(parser.items(name)) for name in parser.sections()}
    return IniDocument(sections, _places(text, file))


def _places(text: str, file: str) -> dict[tuple[str, str], Location]:
    found: dict[tuple[str, str], Location] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1].isspace() or line.startswith(("#", ";")):  # a continuation, or a comment
            continue
        if header := _SECTION.match(line):
            section = header["name"]
        elif option := _OPTION.match(line):
            found[section, option["key"].lower()] = Location(file=file, line=number, column=1, end_line=number)
    return found
