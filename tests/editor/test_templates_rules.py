"""The checker of the screens finds what it is there to find."""

import pytest

from tests.editor.html_rules import problems

GOOD = (
    '<!doctype html><html lang="en"><head><title>T</title></head><body><main id="main"><h1>H</h1>'
    '<form method="post" action="/account"><input type="hidden" name="csrf" value="x"><label for="n">N</label><input id="n" name="n">'
    "<button>Save</button></form></main></body></html>"
)


def test_a_good_page_has_no_problems() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("<h1>H</h1>", "<h1>H</h1><h1>H</h1>"),
        ("<h1>H</h1>", ""),
        ("<h1>H</h1>", "<h1>H</h1><h3>H</h3>"),
        ("<h1>H</h1>", '<h1 style="color: red">H</h1>'),
        ("<h1>H</h1>", '<h1 onclick="x()">H</h1>'),
        ("<h1>H</h1>", "<h1>H</h1><script>alert(1)</script>"),
        ("<h1>H</h1>", "<h1>H</h1><style>h1 {}</style>"),
        ("<h1>H</h1>", '<h1>H</h1><a href="#">here</a>'),
        ("<h1>H</h1>", '<h1>H</h1><a href="#gone">here</a>'),
        ("<h1>H</h1>", '<h1>H</h1><a href="">here</a>'),
        ("<h1>H</h1>", '<h1>H</h1><a href="javascript:x">here</a>'),
        ("<h1>H</h1>", '<h1>H</h1><a href="/elsewhere">here</a>'),
        ("<h1>H</h1>", '<h1>H</h1><a href="/c/acme"></a>'),
        ("<h1>H</h1>", "<h1>H</h1><nav></nav>"),
        ("<h1>H</h1>", '<h1 id="n">H</h1>'),
        ("<h1>H</h1>", "<h1><em>H</h1>"),
        ("<h1>H</h1>", "<h1>H</h1><button>Save</button>"),
        ("<h1>H</h1>", "<h1>H</h1><p><div>x</div></p>"),
        ("<label", "<form></form><label"),
        ('<label for="n">N</label>', ""),
        ('for="n"', 'for="m"'),
        ('name="csrf"', 'name="other"'),
        ('method="post"', ""),
        ('lang="en"', ""),
        ("<title>T</title>", "<title></title>"),
        ('id="n" name="n"', 'id="n" id="n"'),
        ("</body>", ""),
    ],
)
def test_a_broken_page_has_a_problem(good: str, bad: str) -> None:
    broken = GOOD.replace(good, bad)
    assert broken != GOOD
    assert problems(broken) != []
