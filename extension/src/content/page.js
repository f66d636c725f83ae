/**
 * Runs in the page's own world before its first script: everything a page can send a prompt with asks here
 * first. Nothing is decided here; the isolated world answers, over an element that no script of the page
 * can reach. One file, since classic scripts share only what a page sees too; every function of the page's
 * world is taken before a page can replace it, and `{ __proto__: null }` inherits nothing it may have added.
 */
(() => {
  const { apply, construct, defineProperty, getOwnPropertyDescriptor } = Reflect;
  const { getPrototypeOf, prototype: ordinary } = Object;
  const NativeMessage = MessageEvent;
  const NativeRequest = Request;
  const NativeResponse = Response;
  const NativePromise = Promise;
  const NativeProxy = Proxy;
  const NativeError = TypeError;
  const NativeException = DOMException;
  const NativeForm = FormData;
  const NativeAddress = URL;
  const { isView } = ArrayBuffer;
  const text = String;
  const copied = structuredClone;

  /** @param {Function} method @returns {(self: any, ...args: any[]) => any} */
  const calling = (method) => (self, ...args) => apply(method, self, args);
  /** @param {object} prototype @param {string} name @returns {(self: any) => any} */
  const reading = (prototype, name) => {
    const get = /** @type {() => any} */ (getOwnPropertyDescriptor(prototype, name)?.get);
    return (self) => apply(get, self, []);
  };

  const dispatch = calling(EventTarget.prototype.dispatchEvent);
  const then = calling(Promise.prototype.then);
  const said = reading(MessageEvent.prototype, "data");
  const urlOf = reading(Request.prototype, "url");
  const methodOf = reading(Request.prototype, "method");
  const bodyOf = reading(Request.prototype, "body");
  const headersOf = reading(Request.prototype, "headers");
  const headersIn = reading(Response.prototype, "headers");
  const referrerOf = reading(Request.prototype, "referrer");
  const referrerPolicyOf = reading(Request.prototype, "referrerPolicy");
  const cloned = calling(Request.prototype.clone);
  const bytesOf = calling(Request.prototype.arrayBuffer);
  const bytesIn = calling(Response.prototype.arrayBuffer);
  const header = calling(Headers.prototype.get);
  const fieldsOf = calling(FormData.prototype.forEach);
  const isOf = (/** @type {any} */ value, /** @type {any} */ kind) => apply(Function.prototype[Symbol.hasInstance], kind, [value]);
  const [Params, Bytes, Blobs, Documents] = [URLSearchParams, ArrayBuffer, Blob, Document];
  const written = calling(URLSearchParams.prototype.toString);
  const baseOf = reading(Node.prototype, "baseURI");
  const hrefOf = reading(URL.prototype, "href");
  const serialised = calling(XMLSerializer.prototype.serializeToString);
  const serialiser = new XMLSerializer();
  const blobBytes = calling(Blob.prototype.arrayBuffer);
  const { get: known, set: keep } = WeakMap.prototype;

  // Asking. ---------------------------------------------------------------------------------------------

  const line = document.createElement("i");
  /** @typedef {(word: string, instead?: string) => void} Done `instead` is a body in place of the one asked about. */
  /** @type {Record<number, Done>} */
  const waiting = /** @type {any} */ ({ __proto__: null });
  let last = 0;
  line.addEventListener("answer", (event) => {
    const { id, word, instead } = said(event);
    const done = waiting[id];
    delete waiting[id];
    done?.(word, instead);
  });
  const hello = new FocusEvent("quillgate-hello", { relatedTarget: line, cancelable: true });
  // Nobody is there to decide: the other rings hold, and the worker hears of no page channel.
  if (window.dispatchEvent(hello)) return;

  /**
   * Ask, and go on with "go", "show" (the body, then ask again) or "no"; often before this returns.
   *
   * @param {Record<string, unknown>} question
   * @param {Done} done
   */
  const ask = (question, done) => {
    last += 1;
    waiting[last] = done;
    question.id = last;
    dispatch(line, new NativeMessage("ask", /** @type {any} */ ({ __proto__: null, data: question })));
  };

  /**
   * @param {any} about
   * @param {Record<string, any>} more
   * @returns {any}
   */
  const question = (about, more) => ({ __proto__: null, transport: about.transport, url: about.url, method: about.method, ...more });

  /** @param {any} about @param {any} body @param {Done} done */
  const judge = (about, body, done) => ask(question(about, { t: "judge", body }), done);
  /** @param {any} about @param {(word: string) => void} done */
  const look = (about, done) => ask(question(about, { t: "look" }), done);

  /**
   * Ask where there is no time: what is not answered at once is no.
   *
   * @param {any} about
   * @param {any} body Null where it cannot be read at once.
   */
  const judgeNow = (about, body) => {
    let word = "no";
    judge({ ...about, __proto__: null }, body ? { ...body, isNow: true } : { isNow: true, isUnreadable: true }, (answer) => (word = answer));
    return word === "go";
  };

  /** @param {any} about @returns {string} Empty where nobody can say yet. */
  const lookNow = (about) => {
    let word = "";
    look(about, (answer) => (word = answer));
    return word;
  };

  // Bodies. ---------------------------------------------------------------------------------------------

  /** @param {FormData} form */
  const fieldsIn = (form) => {
    /** @type {any} */
    const fields = [];
    let count = 0;
    fieldsOf(form, (/** @type {unknown} */ value, /** @type {string} */ name) => {
      if (typeof value === "string") defineProperty(fields, count++, /** @type {any} */ ({ __proto__: null, value: [name, value], enumerable: true }));
    });
    return { __proto__: null, fields };
  };

  /**
   * Return a body that can be read at once, as a copy; null for another one.
   *
   * @param {any} body
   * @returns {any}
   */
  const readNow = (body) => {
    if (body === null || body === undefined) return { __proto__: null, text: "" };
    if (isOf(body, Params)) return { __proto__: null, text: written(body), type: "application/x-www-form-urlencoded" };
    if (isOf(body, NativeForm)) return fieldsIn(body);
    if (isView(body) || isOf(body, Bytes)) return { __proto__: null, bytes: copied(body) };
    return typeof body === "object" || typeof body === "function" ? null : { __proto__: null, text: text(body) };
  };

  /**
   * Return an address in full, as it is now: what is relative is so to a base that a page may change.
   *
   * @param {unknown} url
   */
  const full = (url) => hrefOf(new NativeAddress(text(url), baseOf(document)));

  // Hooks. ----------------------------------------------------------------------------------------------

  /**
   * Put a function in the place of another. As a proxy it still says that it is native code.
   *
   * @param {any} holder
   * @param {string} name
   * @param {(native: any, self: any, args: any[]) => unknown} run
   */
  const hook = (holder, name, run) => {
    const descriptor = holder && getOwnPropertyDescriptor(holder, name);
    if (!descriptor) return;
    const trap = (/** @type {any} */ native, /** @type {any} */ self, /** @type {any[]} */ args) => run(native, self, args);
    descriptor.value = new NativeProxy(descriptor.value, /** @type {any} */ ({ __proto__: null, apply: trap }));
    defineProperty(holder, name, descriptor);
  };
  const refusal = () => new NativeError("Failed to fetch");

  /**
   * Return a copy of how a request is to be made, each part read once; null where that would lose what it inherits.
   *
   * @param {any} given
   */
  const plain = (given) => (given && (getPrototypeOf(given) === ordinary || getPrototypeOf(given) === null) ? { __proto__: null, ...given } : null);

  hook(window, "fetch", (native, self, args) =>
    new NativePromise((resolve, reject) => {
      const how = plain(args[1]);
      const held = construct(NativeRequest, how ? [args[0], how] : args); // fixed from here on, whatever the page changes
      const about = { __proto__: null, transport: "fetch", url: urlOf(held), method: methodOf(held) };
      const go = (/** @type {Request} */ request) => void then(apply(native, self, [request]), resolve, reject);
      const answer = (/** @type {ArrayBuffer | null} */ bytes) => (/** @type {string} */ word, /** @type {string | undefined} */ instead = undefined) => {
        const body = instead ?? bytes;
        if (word !== "go") reject(refusal());
        else go(body !== null ? construct(NativeRequest, [held, { __proto__: null, body, referrer: referrerOf(held), referrerPolicy: referrerPolicyOf(held) }]) : held);
      };
      look(about, (word) => {
        if (word !== "show") answer(null)(word);
        else if (typeof how?.body === "string") judge(about, { text: how.body, type: header(headersOf(held), "content-type") ?? "" }, answer(null));
        else if (bodyOf(held) === null) judge(about, { text: "" }, answer(null));
        else then(bytesOf(cloned(held)), (/** @type {ArrayBuffer} */ bytes) => judge(about, { bytes, type: header(headersOf(held), "content-type") ?? "" }, answer(bytes)), reject);
      });
    }));

  /** What each XMLHttpRequest is about. @type {WeakMap<XMLHttpRequest, any>} */
  const requests = new WeakMap();
  const { open: openNatively, send: sendNatively, setRequestHeader: setNatively } = XMLHttpRequest.prototype;

  /** @param {XMLHttpRequest} xhr */
  const fail = (xhr) => {
    apply(openNatively, xhr, ["GET", "blob:null/refused", true]); // an address nothing stands at: the network fails
    apply(sendNatively, xhr, []);
  };

  hook(XMLHttpRequest.prototype, "open", (native, self, args) => {
    if (args.length < 2) return apply(native, self, args);
    const method = text(args[0]);
    const url = full(args[1]);
    const given = [method, url, args.length < 3 ? true : args[2], args[3], args[4]];
    const done = apply(native, self, given);
    apply(keep, requests, [self, { __proto__: null, transport: "xhr", url, method, isWaiting: Boolean(given[2]), hasType: false, isHeld: false }]);
    return done;
  });
  hook(XMLHttpRequest.prototype, "setRequestHeader", (native, self, args) => {
    const about = apply(known, requests, [self]);
    if (about && /^content-type$/i.test(text(args[0]))) about.hasType = true;
    return apply(native, self, args);
  });
  hook(XMLHttpRequest.prototype, "abort", (native, self, args) => {
    const about = apply(known, requests, [self]);
    if (about?.isHeld) apply(keep, requests, [self, { __proto__: null, ...about, isHeld: false }]); // what was asked for is asked for no longer
    return apply(native, self, args);
  });
  hook(XMLHttpRequest.prototype, "send", (native, self, args) => {
    const about = apply(known, requests, [self]);
    if (!about) return apply(native, self, args);
    if (about.isHeld) throw new NativeException("The object's state must be OPENED.", "InvalidStateError");
    const body = isOf(args[0], Documents) ? serialised(serialiser, args[0]) : args[0];
    const isText = body === null || body === undefined || typeof body === "string";
    if (!about.isWaiting) {
      const word = lookNow(about);
      if (word === "go" || (word === "show" && judgeNow(about, readNow(body)))) return apply(native, self, args);
      throw new NativeException("A network error occurred.", "NetworkError");
    }
    /** @type {Response | null} */
    let fixed = null;
    const fix = () => (fixed ??= new NativeResponse(body));
    const typeOf = () => (fixed && header(headersIn(fixed), "content-type")) ?? "";
    about.isHeld = true;
    const answer = (/** @type {any} */ content) => (/** @type {string} */ word, /** @type {string | undefined} */ instead = undefined) => {
      if (apply(known, requests, [self]) !== about) return; // opened anew, or given up
      about.isHeld = false;
      if (word !== "go") fail(self);
      else {
        if (content !== args[0] && typeOf() && !about.hasType) apply(setNatively, self, ["Content-Type", typeOf()]);
        apply(native, self, [instead ?? content]);
      }
    };
    look(about, (word) => {
      if (word !== "show") answer(args[0])(word);
      else if (isText) judge(about, { text: body ?? "" }, answer(body));
      else then(bytesIn(fix()), (/** @type {ArrayBuffer} */ bytes) => judge(about, { bytes, type: typeOf() }, answer(bytes)), () => answer(null)("no"));
    });
    if (about.isHeld && !isText) fix(); // before the page can change it
    return undefined;
  });

  hook(Navigator.prototype, "sendBeacon", (native, self, args) => {
    const about = { __proto__: null, transport: "beacon", url: full(args[0]), method: "POST" };
    const content = readNow(args[1]);
    const given = [about.url, args[1]];
    /** @type {boolean | null} */
    let isSent = null;
    look(about, (word) => {
      const isLate = isSent !== null;
      if (word === "go") isSent = apply(native, self, given);
      else if (word === "show" && !isLate) isSent = judgeNow(about, content) && apply(native, self, given);
      else if (word === "show" && content) judge(about, content, (answer) => answer === "go" && apply(native, self, given));
      else isSent = false;
    });
    return (isSent ??= true); // nobody could say yet: it is sent as soon as somebody can
  });

  hook(window, "fetchLater", (native, self, args) => {
    const { body, activateAfter, ...others } = /** @type {any} */ ({ __proto__: null, ...args[1] }); // read once
    const fixed = { __proto__: null, ...others, ...(body === undefined ? {} : { body }) };
    const held = construct(NativeRequest, [args[0], fixed]);
    const about = { __proto__: null, transport: "fetchLater", url: urlOf(held), method: methodOf(held) };
    const word = lookNow(about);
    const content = bodyOf(held) === null ? readNow(null) : body === undefined ? null : readNow(body);
    const later = activateAfter === undefined ? [held] : [held, { __proto__: null, activateAfter }];
    if (word === "go" || (word === "show" && judgeNow(about, content))) return apply(native, self, later);
    throw new NativeException("fetchLater has no room for it.", "QuotaExceededError");
  });

  /** Of each socket, what waits to be sent, in order. @type {WeakMap<WebSocket, any>} */
  const sockets = new WeakMap();
  const socketUrl = reading(WebSocket.prototype, "url");
  const socketState = reading(WebSocket.prototype, "readyState");

  hook(WebSocket.prototype, "send", (native, self, args) => {
    const state = args.length ? socketState(self) : 0;
    if (state === 0) return apply(native, self, args); // throws
    let about = apply(known, sockets, [self]);
    if (!about) {
      about = { __proto__: null, transport: "websocket", url: socketUrl(self), method: "GET", word: "", first: null, latest: null };
      apply(keep, sockets, [self, about]);
    }
    if (about.word === "go" && !about.first) return apply(native, self, args);
    const isBytes = isView(args[0]) || isOf(args[0], Bytes);
    const frame = { __proto__: null, content: isBytes ? copied(args[0]) : isOf(args[0], Blobs) ? args[0] : text(args[0]), next: null };
    if (about.latest) about.latest.next = frame;
    about.latest = frame;
    if (about.first) return undefined;
    about.first = frame;
    const advance = () => {
      about.first = about.first.next;
      if (!about.first) about.latest = null;
      else step();
    };
    const finish = (/** @type {any} */ content, /** @type {string} */ word, /** @type {string | undefined} */ instead = undefined) => {
      if (word === "go") apply(native, self, [instead ?? content]);
      advance();
    };
    const step = () => {
      const { content } = about.first;
      if (about.word === "go") finish(content, "go");
      else if (isOf(content, Blobs)) then(blobBytes(content), (/** @type {ArrayBuffer} */ bytes) => judge(about, { bytes }, (word, instead) => finish(bytes, word, instead)), () => finish(null, "no"));
      else judge(about, typeof content === "string" ? { text: content } : { bytes: content }, (word, instead) => finish(content, word, instead));
    };
    if (about.word) step();
    else
      look(about, (word) => {
        about.word = word;
        step();
      });
    return undefined;
  });

  const actionOf = reading(HTMLFormElement.prototype, "action");
  const formMethodOf = reading(HTMLFormElement.prototype, "method");

  hook(HTMLFormElement.prototype, "submit", (native, self, args) => {
    const about = { __proto__: null, transport: "form", url: actionOf(self), method: text(formMethodOf(self)).toUpperCase() };
    const send = (/** @type {string} */ word) => word === "go" && apply(native, self, args);
    look(about, (word) => (word === "show" ? judge(about, fieldsIn(new NativeForm(self)), send) : send(word)));
  });
})();
