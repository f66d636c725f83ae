"""What a person sees and presses of the extension, whose panel is in a closed root."""

from typing import Any

from playwright.async_api import Page

from tests.end_to_end.waiting import until


async def tree(page: Page) -> list[dict[str, Any]]:
    """Return what a screen reader finds on the page, closed roots included."""
    session = await page.context.new_cdp_session(page)
    found: dict[str, Any] = await session.send("Accessibility.getFullAXTree")
    await session.detach()
    return [node for node in found["nodes"] if not node.get("ignored")]


async def words(page: Page) -> str:
    """Return everything that is said on the page."""
    return " ".join(str(node.get("name", {}).get("value", "")) for node in await tree(page))


async def says(page: Page, *texts: str) -> None:
    """Wait until all of this is said."""
    await until(
        lambda: words(page),
        lambda said: all(text in said for text in texts),
        what=f"that the page says {texts}",
    )


async def is_silent(page: Page, text: str) -> None:
    """Wait until this is no longer said."""
    what = f"that the page no longer says {text}"
    await until(lambda: words(page), lambda said: text not in said, what=what)


async def place(page: Page, name: str, role: str = "button") -> tuple[float, float]:
    """Return the middle of a button, or of something else, by its accessible name."""

    def named(nodes: list[dict[str, Any]]) -> dict[str, Any] | None:
        wanted = (role, name)
        return next(
            (n for n in nodes if (n["role"]["value"], n.get("name", {}).get("value")) == wanted),
            None,
        )

    nodes = await until(lambda: tree(page), named, what=f"a {role} {name}")
    found = named(nodes)
    assert found is not None
    return await _middle(page, found["backendDOMNodeId"])


async def _middle(page: Page, node: int) -> tuple[float, float]:
    session = await page.context.new_cdp_session(page)
    box = await session.send("DOM.getBoxModel", {"backendNodeId": node})
    await session.detach()
    left, top, right, _, _, bottom, *_ = box["model"]["content"]
    return (left + right) / 2, (top + bottom) / 2


async def press(page: Page, name: str) -> None:
    """Press a button with the mouse, once it stands still: a panel moves until it has its look."""
    where = await place(page, name)
    while (now := await place(page, name)) != where:
        where = now
    await page.mouse.click(*where)


async def comes_to(page: Page, text: str) -> None:
    """Wait until this is said in the end, closing what is said before it."""

    async def said() -> str:
        now = await words(page)
        if text not in now and "Close" in now.split():
            await press(page, "Close")
        return now

    await until(said, lambda now: text in now, what=f"that the page comes to say {text}")


async def cancel(page: Page) -> None:
    """Press Cancel, and take as long as a hand needs to get from the mouse to the keys."""
    await press(page, "Cancel")
    await is_silent(page, "Cancel")
    await page.wait_for_timeout(100)  # an editor takes its caret back some 30 ms later


async def focused(page: Page) -> str:
    """Return the accessible name of what has the focus, closed roots included."""
    for node in await tree(page):
        properties = {p["name"]: p["value"].get("value") for p in node.get("properties", [])}
        if properties.get("focused") and node["role"]["value"] != "RootWebArea":
            return str(node.get("name", {}).get("value", ""))
    return ""
