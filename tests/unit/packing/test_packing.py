"""What is shipped means the same as what lies in the repository."""

import pytest

from backend.services.packing.chunks import together
from backend.services.packing.code import stripped, tightened
from backend.services.packing.files import packed
from backend.services.packing.modules import read
from backend.services.packing.names import shortened
from backend.services.packing.texts import TEXTS, with_texts_together


def short(source: str, shared: dict[str, str] | None = None) -> str:
    return shortened(source, shared or {}, frozenset(shared or ()))[0]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("const a = 1; // one\n/* two */ const b = 2;", "const a=1;const b=2;"),
        ("x = y / 2; // half / of it", "x=y/2;"),
        (
            'const sign = /[/"]\\//g; f("// no comment");',
            'const sign=/[/"]\\//g;f("// no comment");',
        ),
        ("say(`a // ${ b ? `${ c }  d` : {} } e`)", "say(`a // ${b?`${c}  d`:{}} e`)"),
        ("a = b + +c; d = b - -c;", "a=b+ +c;d=b- -c;"),
        ("if (a) return\nb()", "if(a)return\nb()"),
        ("return typeof  a", "return typeof a"),
    ],
)
def test_comments_and_spaces_go_and_nothing_else(written: str, kept: str) -> None:
    assert stripped(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("function a(){b();}\nfunction c(){d;}", "function a(){b()}function c(){d}"),
        ("if(a){while(b);}", "if(a){while(b);}"),
        ("if(a){for(;;);}", "if(a){for(;;);}"),
        ("if(a){b(c);}else{d();}", "if(a){b(c)}else{d()}"),
        ("class A{b=1;} a(`{;}${c}`);", "class A{b=1}a(`{;}${c}`);"),
        ("a=[/;}/,';}'];b", "a=[/;}/,';}'];b"),
    ],
)
def test_what_a_brace_ends_has_no_semicolon(written: str, kept: str) -> None:
    assert tightened(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("const found=1;f(found,other.found);", "const a=1;f(a,other.found);"),
        ("const{found,in:here}=x;y({found,at:here});", "const{found:a,in:b}=x;y({found:a,at:b});"),
        ("const{found=1}=x;g(found);", "const{found:a=1}=x;g(a);"),
        ("function*all(one){yield{one,name:1};}", "function*b(a){yield{one:a,name:1};}"),
        ("class Row{constructor(cells){this.cells=cells;} get first(){return this.cells[0];}}",
         "class b{constructor(a){this.cells=a;} get first(){return this.cells[0];}}"),
        ("f((now=()=>performance.now())=>now());", "f((a=()=>performance.now())=>a());"),
        ("const open=1;close(`${open}`);", "const a=1;close(`${a}`);"),
    ],
)  # fmt: skip
def test_variables_get_short_names_and_properties_keep_theirs(written: str, kept: str) -> None:
    assert short(written) == kept


def test_what_the_browser_gives_keeps_its_name_and_no_short_one_is_taken_twice() -> None:
    assert short("const text=a;fetch(text);") == "const b=a;fetch(b);"
    assert short("const text=taken;", {"taken": "a"}) == "const b=a;"


def test_modules_that_the_same_entries_need_become_one_file_in_their_order() -> None:
    sources = {
        "src/one.js": 'import { both, mine as own } from "./deep/both.js";\nboth(own);',
        "src/two.js": 'import * as all from "./deep/both.js";\nexport const two = all.both;',
        "src/deep/both.js": 'import { low } from "./low.js";\n'
        "export const both = low;\nexport function mine() {}",
        "src/deep/low.js": "export const low = 1;",
    }
    modules = {path: read(path, source) for path, source in sources.items()}
    made = together(modules, {"src/one.js", "src/two.js"})
    assert made.keys() == {"src/one.js", "src/two.js", "src/together/0.js"}
    shared = made["src/together/0.js"]
    assert shared.index("low=1") < shared.index("both=low")
    assert made["src/one.js"].startswith('import{M1}from"./together/0.js";\n')
    assert "const{both,mine:own}=M1;" in made["src/one.js"]
    assert "export const{two}=M3;" in made["src/two.js"]


def test_modules_that_import_each_other_are_refused() -> None:
    sources = {
        "src/one.js": 'import { b } from "./two.js";\nexport const a = 1;',
        "src/two.js": 'import { a } from "./one.js";\nexport const b = 1;',
    }
    modules = {path: read(path, source) for path, source in sources.items()}
    with pytest.raises(ValueError, match="import each other"):
        together(modules, {"src/one.js"})
    with pytest.raises(ValueError, match=r"one\.js imports or exports in a way"):
        read("src/one.js", "export default 1;")


def test_texts_are_put_together_but_those_the_browser_looks_for() -> None:
    files = {
        "manifest.json": b'{"name": "__MSG_name__"}',
        "_locales/de/messages.json": b'{"name": {"message": "N"}, "yes": {"message": "Ja $1"}}',
        "_locales/en/messages.json": b'{"name": {"message": "N"}, "yes": {"message": "Yes $1"}}',
        TEXTS: b"",
    }
    made = with_texts_together(files)
    assert made["_locales/de/messages.json"] == b'{"name": {"message": "N"}}'
    assert made[TEXTS].decode() == (
        'export const NAMES = "yes";\nexport const TEXTS = {"de":"Ja $1","en":"Yes $1"};\n'
    )


def test_scripts_that_are_no_modules_stay_where_they_are() -> None:
    files = {
        "manifest.json": b'{"background": {"service_worker": "src/main.js"}}',
        "src/main.js": b'import { a } from "./a.js";\na();',
        "src/a.js": b"/** Said. */\nexport const a = () => 1;",
        "src/page.js": b"(() => { /* at once */ })();",
        "icons/1.png": b"\x89PNG",
    }
    made = packed(files)
    assert made.keys() == files.keys() - {"src/a.js"}
    assert made["src/page.js"] == b"(()=>{})();"
    assert made["icons/1.png"] == b"\x89PNG"
