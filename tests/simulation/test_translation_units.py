"""Sources that are compiled together: what each defines beside its function stays its own."""

import subprocess

import pytest

from stdpnet.base.errors import SimulationError
from stdpnet.simulation.compiler import compile_folder
from stdpnet.simulation.translation_units import UNITS, join

NAMES = [f"part{k}" for k in range(5)]


@pytest.fixture
def sources(tmp_path):
    """Write sources as Brian2 generates them: helpers and macros of the same names, with other contents."""
    (tmp_path / "code_objects").mkdir()
    for k, name in enumerate(NAMES):
        guard = f"#ifndef GUARD_{name}\n#define GUARD_{name}\n"
        (tmp_path / f"code_objects/{name}.h").write_text(
            f"{guard}void _run_{name}();\n\nvoid _debugmsg_{name}();\n#endif\n"
        )
        (tmp_path / f"code_objects/{name}.cpp").write_text(
            f'#include "code_objects/{name}.h"\n#include<cstdio>\n'
            f"static int helper() {{ return {k}; }}\nnamespace {{\nstruct Kept {{ int value = 10 * {k}; }};\n}}\n"
            f"#define _brian_pow(x) (x + {k})\n"
            f'void _run_{name}() {{ std::printf("%d ", helper() + Kept().value + _brian_pow(100)); }}\n'
            f'void _debugmsg_{name}() {{ std::printf("\\n"); }}\n'
        )
    includes = "".join(f'#include "code_objects/{name}.h"\n' for name in NAMES)
    calls = " ".join(f"_run_{name}();" for name in NAMES)
    (tmp_path / "main.cpp").write_text(f"{includes}int main() {{ {calls} _debugmsg_part0(); }}\n")
    (tmp_path / "objects.cpp").write_text("int everything_else = 1;\n")
    return tmp_path


def test_helpers_of_the_same_name_stay_apart(sources):
    found = sorted(str(path.relative_to(sources)) for path in sources.rglob("*.cpp"))
    assert len(join(sources, found)) == UNITS + 2
    compile_folder(sources, found, workers=2)
    printed = subprocess.run([sources / "main"], capture_output=True, text=True, check=True).stdout
    assert printed.split() == [str(k + 10 * k + 100 + k) for k in range(5)]
    assert not list(sources.rglob("*.o"))


def test_an_error_names_the_source_and_its_line(sources):
    path = sources / "code_objects/part3.cpp"
    path.write_text(path.read_text() + "int wrong = nothing;\n")
    with pytest.raises(SimulationError, match=r"code_objects/part3\.cpp:10:\d+: error: .*nothing"):
        compile_folder(sources, [str(path.relative_to(sources)) for path in sources.rglob("*.cpp")], workers=1)
