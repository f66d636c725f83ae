// A browser and a server for the worker's tests: storage that keeps, a fetch that is answered, real signatures.

const encode = (bytes) => Buffer.from(bytes).toString("base64url");

/** A storage area as Chromium has it: everything goes in and out as copies. */
function area(content = {}) {
  return {
    content,
    get: async (key) => structuredClone(key === undefined ? content : key in content ? { [key]: content[key] } : {}),
    set: async (values) => void Object.assign(content, structuredClone(values)),
    remove: async (keys) => keys.forEach((key) => delete content[key]),
  };
}

/** As much of IndexedDB as one store of keys needs; what is stored is not copied, a private key cannot be. */
function database() {
  const content = new Map();
  const done = (result) => ({ result });
  const store = {
    get: (name) => done(content.get(name)),
    put: (value, name) => done(void content.set(name, value)),
    delete: (name) => done(void content.delete(name)),
    getAllKeys: () => done([...content.keys()]),
  };
  const opened = {
    createObjectStore: () => store,
    transaction: () => {
      const transaction = { objectStore: () => store };
      setTimeout(() => transaction.oncomplete());
      return transaction;
    },
    close: () => {},
  };
  const open = () => {
    const request = { result: opened };
    setTimeout(() => request.onsuccess());
    return request;
  };
  return { content, open };
}

/**
 * Put a browser around the worker's modules. `answers` maps "METHOD /path" to what the server says:
 * `{status, body, etag}`, a function of the request's body, or an error for a server that is away.
 */
export function makeBrowser({ managed = {}, bundled = {} } = {}) {
  const world = { answers: {}, asked: [], local: area(), session: area(), managed, keys: database() };
  globalThis.indexedDB = world.keys;
  globalThis.chrome = {
    storage: { local: world.local, session: world.session, managed: { get: async () => managed } },
    runtime: { getManifest: () => ({ version: "0.1.0", content_scripts: [{ matches: ["https://chatgpt.com/*", "https://*.kimi.com/*"] }] }), getURL: (path) => path },
    action: { setBadgeText: async () => {}, setBadgeBackgroundColor: async () => {}, setTitle: async () => {} },
    i18n: { getMessage: (name) => name, getUILanguage: () => "en" },
  };
  globalThis.fetch = async (url, { method = "GET", body, headers = {} } = {}) => {
    if (url === "/bundled/server.json") return Response.json(bundled);
    const path = `${method} ${new URL(url).pathname.replace("/api/v1", "")}`;
    const request = { path, origin: new URL(url).origin, body: body && JSON.parse(body), headers };
    world.asked.push(request);
    const given = world.answers[path];
    const answer = typeof given === "function" ? given(request) : given;
    if (!answer || answer instanceof Error) throw answer ?? new TypeError("nobody answers");
    const { status = 200, body: said = {}, etag, date } = answer;
    return new Response(status === 304 ? null : typeof said === "string" ? said : JSON.stringify(said), { status, headers: { ...(etag ? { ETag: etag } : {}), ...(date ? { Date: date } : {}) } });
  };
  return world;
}

/** A server's signing key, and how it makes bundles. */
export async function makeSigner() {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const key = { key_id: "k1", public_key: encode(await crypto.subtle.exportKey("raw", pair.publicKey)) };
  const sign = async (differing = {}) => {
    const content = {
      format: 1, tenant: "clinic", client_name: "Clinic", issued: "2026-11-20T10:00:00+00:00", expires: "2026-11-21T10:00:00+00:00",
      policy: { version: 7, etag: "p7", document: { name: "Made up" } }, ai_services: [], adapters: [], rulebook: { format: 1, version: "r1", rules: [] }, ...differing,
    };
    const bundle = JSON.stringify(content);
    const signature = encode(await crypto.subtle.sign("Ed25519", pair.privateKey, new TextEncoder().encode(bundle)));
    return { etag: `"${content.policy.version}"`, body: { format: 1, key_id: key.key_id, signature, bundle } };
  };
  return { key, sign };
}

export const makeConnection = (differing = {}) => ({
  server: "https://quillgate.example", deviceId: "d1", client: { id: "clinic", name: "Clinic" }, user: { id: "u1", name: "Nurse" },
  bundleKeys: [], accessToken: "a1", refreshToken: "r1", accessUntil: Date.now() + 300_000, ...differing,
});

/** What the server says to a good enrolment code. */
export const makeEnrolled = (client = "clinic", deviceId = "d1") => ({
  status: 201,
  body: {
    device_id: deviceId, client: { id: client, name: client }, user: { id: "u1", name: "Nurse" }, access_token: "a", refresh_token: "r",
    expires_in: 300, bundle_keys: [],
  },
});

export const makeEvent = (id, differing = {}) => ({
  event_id: id, submission_id: id, entry_kind: "verdict", service: "chatgpt.com", channel: "typed", size: 5, action: "allow", disposition: "sent",
  findings: [], policy_version: 7, rulebook_version: "r1", occurred_at: "2026-11-20T10:00:00Z", late: false, ...differing,
});
