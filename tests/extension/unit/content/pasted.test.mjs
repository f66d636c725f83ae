import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

let watching;
let observers;
beforeEach(() => {
  [watching, observers] = [0, []];
  globalThis.Element = class {};
  globalThis.HTMLTextAreaElement = class extends Element {};
  globalThis.HTMLInputElement = class extends Element {};
  globalThis.document = { documentElement: {} };
  globalThis.MutationObserver = class {
    constructor(call) {
      this.call = call;
      observers.push(this);
    }
    observe() {
      watching = 1;
    }
    disconnect() {
      watching = 0;
    }
  };
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});
const { Pasted } = await import("../../../../extension/src/content/pasted.js");
const editorWith = (value) => Object.assign(new HTMLTextAreaElement(), { value, contains: () => false });
const settled = async (pasted) => {
  mock.timers.tick(400);
  await pasted.settled();
};

test("ten thousand pastes that a page makes up take one observer, and no more than a hundred are watched", async () => {
  const pasted = new Pasted();
  const editor = editorWith("");
  const taken = Array.from({ length: 10_000 }, (_, number) => pasted.take(editor, `made up ${number}`)).filter(Boolean).length;
  assert.deepEqual([taken, observers.length, watching], [100, 1, 1]);
  await settled(pasted);
  assert.equal(watching, 0);
  pasted.forget();
  assert.equal(pasted.take(editor, "a real one"), true);
});

test("what is in the editor is not beside it, and what a page put elsewhere is, as long as it is shown", async () => {
  const pasted = new Pasted();
  pasted.take(editorWith("in the\neditor"), "in the editor");
  pasted.take(editorWith(""), "an attachment");
  assert.equal(pasted.isComing("in the editor"), true);
  const shown = Object.assign(new Element(), { isConnected: true });
  observers[0].call([{ addedNodes: [shown] }]);
  await settled(pasted);
  assert.deepEqual(pasted.beside(), ["an attachment"]);
  shown.isConnected = false;
  assert.deepEqual(pasted.beside(), []);
});
