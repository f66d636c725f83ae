import assert from "node:assert/strict";
import { test } from "node:test";
import * as tabs from "../../../../extension/src/worker/tabs.js";

const rules = (version, rulebook = "r1") => ({ policy: { version }, rulebook: { version: rulebook } });

/** A tab that keeps what it is told, or that is gone without having said so. */
function makeTab({ isGone = false } = {}) {
  const tab = {
    told: [],
    onDisconnect: { addListener: (call) => (tab.leave = call) },
    postMessage: (message) => {
      if (isGone) throw new Error("gone");
      tab.told.push(message);
    },
  };
  tabs.add(tab);
  return tab;
}

test("obedience is known once every open tab has said so, and only then", () => {
  const [first, second, gone] = [makeTab(), makeTab(), makeTab({ isGone: true })];
  let times = 0;
  tabs.obey(rules(8), () => (times += 1));
  tabs.obeyed(first, 8);
  tabs.obeyed(second, 7); // late word of the version before
  assert.equal(times, 0);
  tabs.obeyed(second, 8);
  tabs.obeyed(second, 8);
  assert.equal(times, 1);
  for (const tab of [first, second, gone]) tab.leave();
});

test("a tab that is closed is not waited for, and without tabs there is nothing to wait for", () => {
  const tab = makeTab();
  let times = 0;
  tabs.obey(rules(8), () => (times += 1));
  tab.leave();
  assert.equal(times, 1);
  tabs.obey(rules(9), () => (times += 1));
  assert.equal(times, 2);
});

test("a tab that sleeps does not keep the others' obedience from being known", async () => {
  const tab = makeTab();
  let times = 0;
  await new Promise((done) => tabs.obey(rules(8), () => done((times += 1))));
  assert.equal(times, 1);
  tab.leave();
});

test("a tab is told a rulebook once, and the rest each time", () => {
  const tab = makeTab();
  for (const one of [rules(1), rules(2), rules(3, "r2"), rules(4, "r2")]) tabs.tellRules(one);
  const late = makeTab();
  tabs.tellRules(rules(5, "r2"));
  const told = ({ told }) => told.map((message) => message.rules.rulebook?.version ?? null);
  assert.deepEqual([told(tab), told(late)], [["r1", null, "r2", null, null], ["r2"]]);
  for (const one of [tab, late]) one.leave();
});
