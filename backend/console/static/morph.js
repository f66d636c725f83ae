// Makes a part of the page equal to a fresh one, touching only what differs: focus, selection and
// scrolling stay. Children with the same `data-key` are the same thing, wherever they stand.

/**
 * @param {Element} old
 * @param {Element} fresh
 */
export function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  copyAttributes(old, fresh);
  const keyed = new Map();
  for (const child of old.children) if (child instanceof HTMLElement && child.dataset.key) keyed.set(child.dataset.key, child);
  let place = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const key = wanted instanceof HTMLElement ? wanted.dataset.key : undefined;
    const here = key ? keyed.get(key) : place && alike(place, wanted) ? place : undefined;
    if (!here) {
      old.insertBefore(wanted, place);
      continue;
    }
    if (here === place) place = here.nextSibling;
    else old.insertBefore(here, place);
    if (here instanceof Element && wanted instanceof Element) morph(here, wanted);
    else if (here.nodeValue !== wanted.nodeValue) here.nodeValue = wanted.nodeValue;
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

/**
 * @param {ChildNode} one
 * @param {ChildNode} other
 */
function alike(one, other) {
  if (one.nodeName !== other.nodeName) return false;
  return !(one instanceof HTMLElement && one.dataset.key);
}

/**
 * @param {Element} old
 * @param {Element} fresh
 */
function copyAttributes(old, fresh) {
  const stays = old instanceof HTMLDetailsElement ? "open" : ""; // the reader opened it
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== stays) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}
