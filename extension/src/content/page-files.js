/**
 * Runs in the page's own world before its first script: ways to a file that tell the document nothing are
 * led back to the one that does, the file input, where hold-files.js is listening. Decides nothing itself.
 */
(() => {
  // Pages that have these fall back to a file input where they are missing, as in Firefox and Safari.
  for (const name of ["showOpenFilePicker", "showDirectoryPicker"]) Reflect.deleteProperty(window, name);
  Reflect.deleteProperty(DataTransferItem.prototype, "getAsFileSystemHandle");

  const { append, remove } = Element.prototype;
  const { addEventListener } = EventTarget.prototype;
  const { apply } = Reflect;
  const isConnected = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(Node.prototype, "isConnected"));
  const type = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "type"));
  const hidden = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(HTMLElement.prototype, "hidden"));
  const parent = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(Node.prototype, "parentNode"));
  const home = document.documentElement;

  /**
   * An input outside the document tells nobody but the page: it comes into the document until something is chosen.
   *
   * @param {any} input
   */
  const bringIn = (input) => {
    try {
      if (apply(/** @type {any} */ (isConnected.get), input, []) || apply(/** @type {any} */ (type.get), input, []) !== "file") return;
    } catch {
      return; // no input at all: the browser says so itself
    }
    const wasHidden = apply(/** @type {any} */ (hidden.get), input, []);
    const leave = () => {
      apply(/** @type {any} */ (hidden.set), input, [wasHidden]);
      if (apply(/** @type {any} */ (parent.get), input, []) === home) apply(remove, input, []);
    };
    apply(/** @type {any} */ (hidden.set), input, [true]);
    apply(append, home, [input]);
    for (const end of ["change", "cancel"]) apply(addEventListener, input, [end, leave, { once: true }]);
  };

  /**
   * @param {any} prototype
   * @param {string} name
   * @param {(event: any) => boolean} [matters]
   */
  const lead = (prototype, name, matters) => {
    const original = prototype[name];
    if (!original) return;
    prototype[name] = new Proxy(original, {
      apply: (target, self, given) => {
        if (!matters || matters(given[0])) bringIn(self);
        return apply(target, self, given);
      },
    });
  };
  lead(HTMLElement.prototype, "click");
  lead(HTMLInputElement.prototype, "showPicker");
  lead(EventTarget.prototype, "dispatchEvent", (event) => event?.type === "click");
})();
