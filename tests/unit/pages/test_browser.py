"""The pages in a browser: axe finds nothing, a phone needs no sideways scrolling, a keyboard reaches everything.

Debian's Chromium shows them, which is installed where the tests run as root; elsewhere this is not run without it.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from generators.diff.model import (
    Amount,
    Change,
    Destruction,
    InputChange,
    Line,
    ObjectChange,
    PipelineChange,
    Schedule,
    Task,
)
from generators.fleet import fleet as fleets
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.output.write import write_folder
from generators.pages.outcomes import read
from generators.pages.site import Site

ROOT = Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "tests/e2e"))

from cluster.packages import require  # noqa: E402
from cluster.requirements import MissingRequirement  # noqa: E402

PAGES = (
    "index.html", "environments.html", "environments/prod.html", "pipelines/transfer-learning.html",
    "policies.html", "policies/images-by-digest.html", "changes.html",
)  # fmt: skip
DESK, PHONE = (1280, 900), (360, 740)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STATUS = """{"taken": "2026-01-30T10:00:00+00:00", "rows": [
 {"environment": "prod", "cluster": "prod-us", "pipeline": "transfer-learning", "version": {"git": "a", "live": "b"},
  "application": {"sync": "OutOfSync", "health": "Degraded"},
  "run": {"phase": "Failed", "metric": null, "step": "variants/train"}},
 {"environment": "prod", "cluster": "prod-eu", "pipeline": "transfer-learning", "version": {"git": "a", "live": "a"},
  "application": {"sync": "Synced", "health": "Healthy"},
  "run": {"phase": "Succeeded", "metric": {"name": "accuracy", "value": 0.79}, "step": ""}}]}"""

VALUE = InputChange("pipelines.churn.parameters.epochs", "80", "90", "base/pipelines/churn.yml:9", ("prod", "staging"))
LINE = Line("parameter", "", "epochs", "80", None, "environments/prod.yml:30")
TASKS = (
    Task("variants/train", "directly changed", "reruns", "its image is another"),
    Task("variants/pick", "changed by what it depends on", "served stale", "no key of the cache says so"),
)
SCHEDULE = Schedule("", "At 04:00, only on Monday", ("Mon 2026-02-02 04:00", "Mon 2026-02-09 04:00"))
CHURN = PipelineChange(
    "churn", "prod", (("prod/prod-eu", "churn-1", "churn-2"),), "updated", ("5b1e", "55a5"), ("staging",), (LINE,),
    TASKS, SCHEDULE, "on merge", (Amount("CPU-hours", "12", "24", "64", at_most=True),),
)  # fmt: skip
OBJECT = ObjectChange(
    "deleted", "PersistentVolumeClaim", "data", ("prod/prod-eu",), "churn", lines=(LINE,), why="is gone"
)
CHANGE = Change(
    "origin/main", "the checkout", "One pipeline trains again in prod, and one volume is lost.",
    (Destruction("PersistentVolumeClaim data", "goes with all that is in it"),), (CHURN,), (OBJECT,), (VALUE,),
    ("docs/churn.md",), ("the caches of prod-eu are those of KFP 2.17",),
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not shutil.which("chromium"):
        try:
            require("chromium")
        except MissingRequirement as missing:
            pytest.skip(f"not run: {missing}; install Debian's Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, own_cache: Path) -> str:
    """The pages of this repository, as files."""
    folder = tmp_path_factory.mktemp("pages")
    fleet = fleets.load(Repository(ROOT), Cache.of_user())
    write_folder(folder, Site(fleet, outcomes=read(STATUS), change=CHANGE).files())
    return folder.as_uri()


def opened(browser: Browser, address: str, size: tuple[int, int] = DESK, **more: object) -> Page:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, **more)
    page.goto(address)
    return page


@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", PHONE)], ids=["light-desk", "dark-phone"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(browser: Browser, site: str, path: str, scheme: str, size: tuple[int, int]) -> None:
    # axe is a script, which the pages' own policy lets nobody run
    page = opened(browser, f"{site}/{path}", size, color_scheme=scheme, bypass_csp=True)

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response

    assert len(found["passes"]) > 15  # it has looked
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]] == []
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_scrolls_tables_and_not_the_page(browser: Browser, site: str, path: str) -> None:
    page = opened(browser, f"{site}/{path}", PHONE)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_the_style_is_let_in_and_nothing_is_complained_of(browser: Browser, site: str, path: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(f"{site}/{path}")

    assert complaints == []
    assert page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
    page.close()


def test_the_dark_is_dark(browser: Browser, site: str) -> None:
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light, dark = (
        opened(browser, f"{site}/index.html", color_scheme=scheme).evaluate(paper) for scheme in ("light", "dark")
    )

    assert light == "rgb(255, 255, 255)" and dark == "rgb(20, 23, 26)"


def test_a_keyboard_skips_to_the_content_and_sees_where_it_is(browser: Browser, site: str) -> None:
    page = opened(browser, f"{site}/index.html")

    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent")
    seen = page.evaluate("document.activeElement.getBoundingClientRect().left")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")

    assert skip == "Skip to the content" and seen >= 0 and outline != "none"
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


def test_a_keyboard_goes_from_a_step_in_the_graph_to_its_line(browser: Browser, site: str) -> None:
    page = opened(browser, f"{site}/pipelines/transfer-learning.html")
    page.locator("svg a").first.focus()
    name = page.evaluate("document.activeElement.querySelector('text').textContent")

    stroke = page.evaluate("getComputedStyle(document.activeElement.querySelector('.step')).strokeWidth")
    page.keyboard.press("Enter")

    assert stroke == "3px"
    assert page.locator("li:target strong").text_content() == name
    page.close()


def test_print_is_dark_on_white_and_whole(browser: Browser, site: str) -> None:
    page = opened(browser, f"{site}/pipelines/transfer-learning.html", color_scheme="dark")
    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflowX") == "visible"
    assert len(page.pdf()) > 10_000
    page.close()
