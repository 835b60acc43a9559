"""Markdown to clean HTML: CommonMark with tables and strikethrough; HTML in the source is shown as text.

A picture of the media library is written `![alternative text](media:name "caption")`; alone in its paragraph it is a figure.
"""

from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from app.document.clean import clean_tree
from app.document.policy import is_asset
from app.document.tokens import tidy_characters
from app.document.tree import Node, write, write_child

_ASSET_SCHEME = "media:"


def markdown_to_html(source: str) -> str:
    """Clean HTML of a Markdown source. Never raises. A hostile megabyte may take half a minute: call it in a thread."""
    return write(markdown_tree(source))


def markdown_tree(source: str) -> Node:
    """The clean tree of a Markdown source."""
    return clean_tree(_PARSER.render(tidy_characters(source)))[0]


def _asset_of(token: Token) -> str | None:
    source = str(token.attrGet("src") or "")
    name = source.removeprefix(_ASSET_SCHEME)
    return name if source.startswith(_ASSET_SCHEME) and is_asset(name) else None


def _figure(token: Token, asset: str) -> str:
    caption = str(token.attrGet("title") or "")
    return write_child(Node("figure", {"data-asset": asset}, [Node("figcaption", children=[caption])] if caption else []))


def _image(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
    token = tokens[index]
    asset = _asset_of(token)
    if asset is None:
        return renderer.image(tokens, index, options, env)
    return write_child(Node("img", {"data-asset": asset, "alt": renderer.renderInlineAsText(token.children, options, env)}))


def _mark_figures(state: StateCore) -> None:
    """Turns paragraphs that hold only a picture of the media library into figures."""
    for index in range(len(state.tokens) - 2):
        children = state.tokens[index + 1].children
        if state.tokens[index].type != "paragraph_open" or children is None or len(children) != 1 or children[0].type != "image":
            continue
        asset = _asset_of(children[0])
        if asset is not None:
            figure = Token("html_block", "", 0, content=_figure(children[0], asset) + "\n", block=True)
            nothing = Token("html_block", "", 0, content="", block=True)
            state.tokens[index : index + 3] = [figure, nothing, nothing]


def _mark_number_columns(state: StateCore) -> None:
    """A column aligned to the right holds numbers; other alignment is the theme's business."""
    for token in state.tokens:
        if token.type in {"th_open", "td_open"} and token.attrs.pop("style", "") == "text-align:right":
            token.attrs["class"] = "num"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.core.ruler.push("figures", _mark_figures)
    parser.core.ruler.push("number_columns", _mark_number_columns)
    parser.add_render_rule("image", _image)
    return parser


_PARSER = _parser()
