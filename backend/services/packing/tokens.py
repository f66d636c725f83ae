"""What each name in a piece of JavaScript is for: a variable, or a property, a key or a method."""

from collections.abc import Iterator
from typing import Final

from backend.services.packing.code import START, Token, tokens

_KEYWORDS: Final = """
    async await break case catch class const continue default delete do else export extends
    false finally for function get if import in instanceof let new null of return set static
    super switch this throw true try typeof undefined var void while yield NaN Infinity arguments
"""
KEYWORDS: Final = frozenset(_KEYWORDS.split())
_DECLARES: Final = frozenset({"const", "let", "class", "function"})
_CLOSING: Final = frozenset(")]}")
_OPENING: Final = frozenset("([{")
_ASKS: Final = frozenset({"if", "for", "while", "switch"})
_BLOCK_BEHIND: Final = frozenset(
    {")", ";", "{", "}", "=>", "else", "try", "finally", "do", "catch"}
)
_CLASS_BEFORE: Final = frozenset({"class", "extends"})
_MEMBER_BEHIND: Final = frozenset({"(", "=", ";"})
_EDGE: Final = 2


class Outline:
    """The tokens of one piece of code, and which bracket holds which."""

    def __init__(self, source: str) -> None:
        edge = [START] * _EDGE
        self._tokens: list[Token] = list(edge)
        self._spaces: dict[int, str] = {}
        for token in tokens(source):
            if token[0] == "space":
                self._spaces[len(self._tokens) - 1] = token[1]
            else:
                self._tokens.append(token)
        self._tokens += edge
        self._partners: dict[int, int] = {}
        self._holders: dict[int, int] = {}
        self._pair()

    def all(self) -> range:
        """Where its tokens are."""
        return range(_EDGE, len(self._tokens) - _EDGE)

    def text(self, at: int) -> str:
        """Return a token's text."""
        return self._tokens[at][1]

    def space_behind(self, at: int) -> str:
        """Return what stands between a token and the next."""
        return self._spaces.get(at, "")

    def variables(self) -> Iterator[int]:
        """Yield where a variable is named."""
        return (at for at in self.all() if self._is_name(at) and not self._is_property(at))

    def private(self) -> Iterator[int]:
        """Yield where a class names what nobody else can see."""
        return (at for at in self.all() if self.text(at).startswith("#"))

    def is_shorthand(self, at: int) -> bool:
        """Return whether a name in an object stands for its key too."""
        return (
            self._holder(at) == "object"
            and self.text(at - 1) in {"{", ","}
            and self.text(at + 1) in {"}", ",", "="}
        )

    def declared(self) -> Iterator[str]:
        """Yield every name that is declared somewhere in it."""
        for at in self.all():
            if self.text(at) in _DECLARES:
                yield from self._declared_at(at + 1)
            elif self.text(at + 1) == "=>":
                yield self.text(at)
        for start, end in self._partners.items():
            if start < end and self.text(start) == "(" and self._is_header(start, end):
                yield from self._named(range(start, end))

    def _declared_at(self, at: int) -> Iterator[str]:
        at += self.text(at) == "*"
        end = self._partners.get(at, at + 1)
        yield from self._named(range(at, end))

    def _is_header(self, start: int, end: int) -> bool:
        """Return whether brackets hold the parameters of a function, or what is caught."""
        after = self.text(end + 1)
        return after == "=>" or (after == "{" and self.text(start - 1) not in _ASKS)

    def _named(self, places: range) -> Iterator[str]:
        """Yield what a pattern declares: what stands behind an equals sign is only used."""
        used: set[int] = set()
        for at in places:
            if self.text(at) == "=":
                used |= set(self._default(at))
            if at not in used and self._is_name(at) and not self._is_property(at):
                yield self.text(at)

    def _default(self, at: int) -> range:
        holder = self._holders[at]
        end = self._partners[holder]
        commas = (
            other
            for other in range(at, end)
            if self.text(other) == "," and self._holders[other] == holder
        )
        return range(at, next(commas, end))

    def _pair(self) -> None:
        opened: list[int] = []
        for at, (kind, text) in enumerate(self._tokens):
            if kind == "sign" and text in _CLOSING:
                start = opened.pop()
                self._partners[at], self._partners[start] = start, at
            if opened:
                self._holders[at] = opened[-1]
            if kind == "sign" and text in _OPENING:
                opened.append(at)

    def _is_name(self, at: int) -> bool:
        kind, text = self._tokens[at]
        return kind == "name" and text not in KEYWORDS and not text[0].isdigit() and text[0] != "#"

    def _holder(self, at: int) -> str:
        """Return what kind of bracket holds a token."""
        start = self._holders.get(at)
        if start is None or self.text(start) != "{":
            return "" if start is None else self.text(start)
        if self.text(start - 1) in _BLOCK_BEHIND:
            return "block"
        return "class" if self.text(start - 2) in _CLASS_BEFORE else "object"

    def _is_property(self, at: int) -> bool:
        before, after, holder = self.text(at - 1), self.text(at + 1), self._holder(at)
        if before in {".", "?."}:
            return True
        if holder == "class":
            return after in _MEMBER_BEHIND and before != "="
        if holder != "object":
            return False
        return (before in {"{", ","} and after in {":", "("}) or self._is_method(at)

    def _is_method(self, at: int) -> bool:
        """Return whether a name in an object is that of a method with a word or sign before it."""
        if self.text(at + 1) != "(" or self.text(at - 1) not in {"*", "async", "get", "set"}:
            return False
        return self.text(self._partners[at + 1] + 1) == "{"
