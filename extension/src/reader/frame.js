/** A frame of ours in a page: whoever made it has a file read by a worker, and ends both by taking it away. */

addEventListener("message", ({ data: file, ports }) => {
  const [port] = ports;
  if (!port || !(file instanceof File)) return;
  port.postMessage("here");
  new Worker("/src/reader/worker.js", { type: "module" }).postMessage(file, [port]);
});
