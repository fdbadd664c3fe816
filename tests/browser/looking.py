"""What a picture shows and a reader would wince at: sideways scroll, text over text, cut text, a wrapped button, what axe finds."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# What runs is asked for its state: of a transition that ended between two frames the browser may never tell the end.
STILL = """() => document.fonts.status === 'loaded' && !document.getAnimations().some(each =>
    each.playState === 'running' && isFinite(each.effect.getComputedTiming().endTime))"""
FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"  # until all up to now is drawn
LOOKS = 40  # at what does not come to rest, before it is a finding

# WCAG 2.2, levels A and AA, and the order of headings, which WCAG only implies.
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"heading-order": {"enabled": True}},
}
# Rule, nodes and reason: markup of Streamlit's own that no setting of ours changes. A rule holds for every other node.
NOT_OURS: tuple[tuple[str, str, str], ...] = (
    ("list", "[data-testid=stSidebarNavItems]", "The sidebar puts each group of pages in a div within its list."),
    ("listitem", "[data-testid=stSidebarNavItems] li", "The same div stands between the list and its items."),
)

# A node that an exception names is no finding; one of the same rule beside it is. An open dialog stops the root, which is
# empty by its own measure, from scrolling: axe would take all that stands in the dialog for hidden, so the root gets a height.
AXE = """
async ([options, exceptions]) => {
  const told = node => node.target.flat().join(' ');
  const known = (rule, node) => exceptions.some(([name, nodes]) => name === rule && node.element?.matches(nodes));
  const root = document.documentElement;
  root.style.minHeight = '100vh';
  const found = await axe.run(document, {...options, resultTypes: ['violations'], elementRef: true});
  root.style.minHeight = '';
  return found.violations
    .map(each => [each.id, each.nodes.filter(node => !known(each.id, node)).map(told)])
    .filter(([, nodes]) => nodes.length)
    .map(([rule, nodes]) => `axe ${rule}: ${nodes.slice(0, 3).join(' | ')}` + (nodes.length > 3 ? ` and ${nodes.length - 3} more` : ''));
}
"""

# Lines of text are read from the drawn page: what a clipping ancestor hides is cut, what lies over another line overlaps.
LOOK = r"""
() => {
  const wrong = [], lines = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) wrong.push('scrolls sideways');
  for (const place of document.querySelectorAll('[data-testid=stMain],[role=dialog],main'))
    if (place.scrollWidth > place.clientWidth + 1) {
      const edge = place.getBoundingClientRect().right;
      const wide = [...place.querySelectorAll('*')].filter(each => each.getBoundingClientRect().right > edge + 1).pop();
      wrong.push('scrolls sideways within, by ' + (wide ? wide.textContent.trim().slice(0, 50) || wide.tagName : 'something'));
    }
  if (document.querySelector('[data-testid=stException]')) wrong.push('a fault is shown');
  const dialog = document.querySelector('[role=dialog]');
  const scope = dialog || document.querySelector('[data-testid=stMain]') || document.body;
  const short = text => JSON.stringify(text.trim().slice(0, 50));
  const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.textContent.trim() || holder.closest('[data-testid=stIconMaterial],[role=tooltip],style,script,option,canvas,.st-hidden')) continue;
    if (!holder.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter(each => each.width > 2 && each.height > 2);
    let gone = false;
    for (let each = holder; each && each !== document.body; each = each.parentElement) {
      const style = getComputedStyle(each), box = each.getBoundingClientRect();
      const cuts = style.overflowX !== 'visible' || style.overflowY !== 'visible';
      if ((cuts && (box.width < 3 || box.height < 3)) || style.clip !== 'auto') { gone = true; break; }
      if (['auto', 'scroll'].includes(style.overflowX) && each.scrollWidth > each.clientWidth) { gone = 'scrolls'; break; }
      if (!['hidden', 'clip'].includes(style.overflowX)) continue;
      if (style.textOverflow === 'ellipsis' && each.scrollWidth > each.clientWidth + 1) { wrong.push('cut: ' + short(node.textContent)); break; }
      const right = Math.max(...rects.map(rect => rect.right));
      if (rects.length && right > box.right + 2) { wrong.push('cut: ' + short(node.textContent)); break; }
    }
    if (gone) continue;
    const button = holder.closest('button');
    if (button && !button.closest('[role=radiogroup],[role=tablist],[role=listbox]')) {
      const tops = new Set(rects.map(rect => Math.round(rect.top / 4)));
      if (tops.size > 1) wrong.push('wrapped button: ' + short(node.textContent));
    }
    for (const rect of rects) lines.push([rect, holder, node.textContent]);
  }
  for (const field of scope.querySelectorAll('input:not([type=checkbox]):not([type=radio]):not([type=file])')) {
    const shown = field.value || field.placeholder;
    if (!shown || !field.checkVisibility() || field.offsetWidth < 20) continue;
    const pen = document.createElement('canvas').getContext('2d'), style = getComputedStyle(field);
    pen.font = style.font;
    const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (!field.value && pen.measureText(shown).width > room + 1) wrong.push('cut placeholder: ' + short(shown));
  }
  for (let one = 0; one < lines.length; one++)
    for (let two = one + 1; two < lines.length; two++) {
      const [a, holder, text] = lines[one], [b, other, words] = lines[two];
      if (holder === other || holder.contains(other) || other.contains(holder)) continue;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 3 && high > 5) wrong.push('overlap: ' + short(text) + ' and ' + short(words));
    }
  return [...new Set(wrong)];
}
"""


def faults(page: Page) -> list[str]:
    """Return in words what is wrong, and stays wrong, with how the page is drawn at this width."""
    return _lasting(page, lambda: list(page.evaluate(LOOK)))


def barriers(page: Page) -> list[str]:
    """Return where the page fails, and goes on failing, WCAG 2.2 A or AA as far as axe can tell, but the exceptions above."""
    return _lasting(page, lambda: _axe(page, WCAG))


def faint(page: Page) -> list[str]:
    """Return where text is too faint for its background: all of WCAG that can differ between light and dark."""
    return _axe(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})


def _lasting(page: Page, look: Callable[[], list[str]]) -> list[str]:
    """Look until nothing is found: a table draws itself anew some frames after its page was resized, and says so nowhere."""
    for _ in range(LOOKS):
        if not (found := look()):
            break
        page.wait_for_timeout(250)
    return found


def _axe(page: Page, options: dict[str, object]) -> list[str]:
    page.evaluate(Axe().axe_script)
    return list(page.evaluate(AXE, [options, [[rule, nodes] for rule, nodes, _ in NOT_OURS]]))


def settled(page: Page) -> None:
    """Wait until what follows the run is drawn too: tables, charts, fonts."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(state="attached")
    page.locator("[data-stale=true]").first.wait_for(state="detached")
    for skeleton in page.get_by_test_id("stSkeleton").all():
        skeleton.wait_for(state="detached")
    page.wait_for_function(STILL)
    page.evaluate(FRAMES)
