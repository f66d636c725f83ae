/** The service worker. It may be ended at any time, so it remembers nothing between two events. */

import * as browser from "../browser.js";
import { PAGE, TAB } from "../messages.js";
import { answerPage, answerTab, takeReport } from "./answers.js";
import { noteOldTabs } from "./gate.js";
import { watch } from "./network.js";
import { see } from "./sightings.js";
import * as tabs from "./tabs.js";
import { readyNetwork, rulesNow, SYNC, wake, welcome } from "./upkeep.js";

browser.onConnect((port) => {
  if (port.name === TAB && browser.isOwnScript(port)) {
    tabs.add(port);
    port.onMessage.addListener((message) => void answerTab(port, message));
    void welcome(port);
  } else if (port.name === PAGE && browser.isOwnPage(port)) port.onMessage.addListener((message) => void answerPage(port, message));
  else port.disconnect();
});
watch((event, isStopped, origin) => void takeReport(event, isStopped, origin));
browser.onInstalled(() => void wake());
browser.onStartup(() => void wake());
browser.onAlarm((name) => name === SYNC && void wake());
browser.onAddress((url) => void rulesNow().then((rules) => see(rules, url)));
browser.onStorageChanged((area) => area === "managed" && void wake());
void noteOldTabs().then(wake, wake);
void readyNetwork(); // a request may have woken us
