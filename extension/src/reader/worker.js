/** Reads one file, in a thread that can be ended in the middle of it. */

import { extract } from "../documents/extraction.js";

addEventListener("message", async ({ data: file, ports: [port] }) => port?.postMessage(await extract(file, file.name)));
