// Written by `quillgate rules compile` from shared-rules/adapters.
/** @type {import("../src/messages.js").Adapter[]} */
export const bundled = [
 {
  "id": "character-ai",
  "v": 1,
  "service": "character-ai",
  "match": [
   "https://character.ai/*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "textarea"
  ],
  "send": [
   "button[aria-label*=Send]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "websocket",
    "method": "GET",
    "host": "neo.character.ai",
    "path": "/ws/",
    "body": "json",
    "text": [
     "payload.turn.candidates.*.raw_content"
    ]
   },
   {
    "transport": "websocket",
    "method": "GET",
    "host": "neo.character.ai",
    "path": "/ws/**",
    "body": "json",
    "text": [
     "payload.turn.candidates.*.raw_content"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "chatgpt",
  "v": 2,
  "service": "chatgpt",
  "match": [
   "https://chatgpt.com/*",
   "https://chat.openai.com/*"
  ],
  "editor": "prosemirror",
  "replace": "span-exec",
  "composer": [
   "#prompt-textarea",
   "[role=textbox][contenteditable=true]"
  ],
  "send": [
   "[data-testid=send-button]",
   "[data-testid=fruitjuice-send-button]",
   "button[aria-label*=Send]"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/backend-api/f/conversation",
    "body": "json",
    "text": [
     "messages.*.content.parts.*"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/backend-api/conversation",
    "body": "json",
    "text": [
     "messages.*.content.parts.*"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/backend-api/f/conversation/prepare",
    "body": "json",
    "text": [
     "partial_query.content.parts.*"
    ],
    "when": "typing"
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/backend-anon/f/conversation",
    "body": "json",
    "text": [
     "messages.*.content.parts.*"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/backend-anon/conversation",
    "body": "json",
    "text": [
     "messages.*.content.parts.*"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/backend-anon/f/conversation/prepare",
    "body": "json",
    "text": [
     "partial_query.content.parts.*"
    ],
    "when": "typing"
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/unauth-mweb/conversation/updates",
    "body": "json",
    "text": [
     "messages.*.content.parts.*"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "claude",
  "v": 2,
  "service": "claude",
  "match": [
   "https://claude.ai/*"
  ],
  "editor": "prosemirror",
  "replace": "span-exec",
  "composer": [
   "div.ProseMirror[contenteditable=true]",
   "div[contenteditable=true]"
  ],
  "send": [
   "button[aria-label='Send message' i]"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/organizations/*/chat_conversations/*/completion",
    "body": "json",
    "text": [
     "prompt",
     "attachments.*.extracted_content"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/organizations/*/chat_conversations/*/retry_completion",
    "body": "json",
    "text": [
     "prompt"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "deepseek",
  "v": 1,
  "service": "deepseek",
  "match": [
   "https://chat.deepseek.com/*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "textarea"
  ],
  "send": [
   "div[role=button]:has(svg)"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/v0/chat/completion",
    "body": "json",
    "text": [
     "prompt"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/v0/chat/edit_message",
    "body": "json",
    "text": [
     "prompt"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "gemini",
  "v": 1,
  "service": "gemini",
  "match": [
   "https://gemini.google.com/*"
  ],
  "editor": "quill",
  "replace": "span-exec",
  "composer": [
   "div.ql-editor"
  ],
  "send": [
   "button.send-button"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "xhr",
    "method": "POST",
    "path": "/**/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate",
    "body": "form",
    "text": [
     "f.req"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "github-copilot",
  "v": 1,
  "service": "github-copilot",
  "match": [
   "https://github.com/copilot*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "#copilot-chat-textarea"
  ],
  "send": [
   "button:has(.octicon-paper-airplane)"
  ],
  "fileInput": [
   "#image-uploader"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "host": "api.individual.githubcopilot.com",
    "path": "/github/chat/threads/*/messages",
    "body": "json",
    "text": [
     "content"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "host": "api.business.githubcopilot.com",
    "path": "/github/chat/threads/*/messages",
    "body": "json",
    "text": [
     "content"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "host": "api.enterprise.githubcopilot.com",
    "path": "/github/chat/threads/*/messages",
    "body": "json",
    "text": [
     "content"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "google-ai-studio",
  "v": 1,
  "service": "google-ai-studio",
  "match": [
   "https://aistudio.google.com/*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "textarea[aria-label='Enter a prompt']",
   "ms-prompt-input-wrapper textarea"
  ],
  "send": [
   "run-button button"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "xhr",
    "method": "POST",
    "host": "alkalimakersuite-pa.clients6.google.com",
    "path": "/$rpc/google.internal.alkali.applications.makersuite.v1.MakerSuiteService/GenerateContent",
    "body": "json",
    "text": [
     "1.*.0.*.1"
    ]
   },
   {
    "transport": "xhr",
    "method": "POST",
    "host": "alkalimakersuite-pa.clients6.google.com",
    "path": "/$rpc/google.internal.alkali.applications.makersuite.v1.MakerSuiteService/CountTokens",
    "body": "json",
    "text": [
     "1.*.0.*.1"
    ],
    "when": "typing"
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "grok",
  "v": 1,
  "service": "grok",
  "match": [
   "https://grok.com/*",
   "https://x.com/i/grok*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "textarea[aria-label='Ask Grok anything']",
   "div[contenteditable=true]"
  ],
  "send": [
   "button[aria-label=Submit]"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/rest/app-chat/conversations/new",
    "body": "json",
    "text": [
     "message"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/rest/app-chat/conversations/*/responses",
    "body": "json",
    "text": [
     "message"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "host": "grok.x.com",
    "path": "/2/grok/add_response.json",
    "body": "json",
    "text": [
     "responses.*.message"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "huggingchat",
  "v": 1,
  "service": "huggingchat",
  "match": [
   "https://huggingface.co/chat*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "form textarea"
  ],
  "send": [
   "button[type=submit]"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/chat/conversation/*",
    "body": "multipart",
    "text": [
     "data",
     "inputs"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "kimi",
  "v": 1,
  "service": "kimi",
  "match": [
   "https://*.kimi.com/*"
  ],
  "editor": "lexical",
  "replace": "span-exec",
  "composer": [
   ".chat-input-editor",
   "[data-lexical-editor=true]"
  ],
  "send": [
   ".send-button"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/chat/*/completion/stream",
    "body": "json",
    "text": [
     "messages.*.content"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/apiv2/**/Chat",
    "body": "json",
    "text": [
     "message.blocks.*.text.content"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "meta-ai",
  "v": 1,
  "service": "meta-ai",
  "match": [
   "https://*.meta.ai/*"
  ],
  "editor": "contenteditable",
  "replace": "span-exec",
  "composer": [
   "div[role=textbox][contenteditable=true]",
   "textarea"
  ],
  "send": [
   "[aria-label*=Send]"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/graphql",
    "body": "form",
    "text": [
     "variables"
    ],
    "shared": true
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/graphql/",
    "body": "form",
    "text": [
     "variables"
    ],
    "shared": true
   },
   {
    "transport": "websocket",
    "method": "GET",
    "host": "gateway.meta.ai",
    "path": "/ws/clippy",
    "body": "json",
    "text": [
     "text"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "microsoft-365-copilot",
  "v": 1,
  "service": "microsoft-365-copilot",
  "match": [
   "https://m365.cloud.microsoft/*",
   "https://copilot.cloud.microsoft/*"
  ],
  "editor": "lexical",
  "replace": "span-exec",
  "composer": [
   "[data-lexical-editor=true]",
   "[role=textbox][contenteditable=true]"
  ],
  "send": [
   "button[aria-label*=Send]"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "websocket",
    "method": "GET",
    "host": "substrate.office.com",
    "path": "/m365Copilot/Chathub/**",
    "body": "json",
    "text": [
     "arguments.*.message.text"
    ]
   },
   {
    "transport": "websocket",
    "method": "GET",
    "host": "substrate.office.com",
    "path": "/m365Copilot/Chathub",
    "body": "json",
    "text": [
     "arguments.*.message.text"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "microsoft-copilot",
  "v": 1,
  "service": "microsoft-copilot",
  "match": [
   "https://copilot.microsoft.com/*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "textarea#userInput",
   "[data-testid=composer-input]"
  ],
  "send": [
   "[data-testid=submit-button]",
   "[aria-label='Submit message']"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "websocket",
    "method": "GET",
    "path": "/c/api/chat",
    "body": "json",
    "text": [
     "content.*.text",
     "text"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "mistral",
  "v": 1,
  "service": "mistral",
  "match": [
   "https://chat.mistral.ai/*"
  ],
  "editor": "prosemirror",
  "replace": "span-exec",
  "composer": [
   "textarea[name='message.text']",
   "div.ProseMirror"
  ],
  "send": [
   "button[type=submit]"
  ],
  "fileInput": [
   "input[name=file-upload]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/chat",
    "body": "json",
    "text": [
     "messageInput.*.text",
     "content"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/trpc/message.newChat",
    "body": "json",
    "text": [
     "0.json.content.*.text",
     "0.json.content"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "notion-ai",
  "v": 1,
  "service": "notion-ai",
  "match": [
   "https://www.notion.so/*",
   "https://app.notion.com/*"
  ],
  "editor": "contenteditable",
  "replace": "span-exec",
  "composer": [
   "div[contenteditable=true][role=textbox]"
  ],
  "send": [
   "[aria-label*=Submit]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/v3/runInferenceTranscript",
    "body": "json",
    "text": [
     "transcript.*.value"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "openrouter",
  "v": 1,
  "service": "openrouter",
  "match": [
   "https://openrouter.ai/*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "textarea"
  ],
  "send": [
   "button[type=submit]",
   "button[aria-label*=Send]"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/v1/chat/completions",
    "body": "json",
    "text": [
     "messages.*.content",
     "messages.*.content.*.text"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/frontend/v1/**",
    "body": "json",
    "text": [
     "input",
     "messages.*.content"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "perplexity",
  "v": 1,
  "service": "perplexity",
  "match": [
   "https://*.perplexity.ai/*"
  ],
  "editor": "lexical",
  "replace": "span-exec",
  "composer": [
   "#ask-input"
  ],
  "send": [
   "button[aria-label=Submit]"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/rest/sse/perplexity_ask",
    "body": "json",
    "text": [
     "query_str"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "poe",
  "v": 1,
  "service": "poe",
  "match": [
   "https://poe.com/*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "[class*=ChatMessageInputContainer_textArea] textarea"
  ],
  "send": [
   "button[data-button-send=true]"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/gql_POST",
    "body": "json",
    "text": [
     "variables.query"
    ],
    "shared": true
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/gql_upload_POST",
    "body": "multipart",
    "text": [
     "queryInfo"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "qwen",
  "v": 1,
  "service": "qwen",
  "match": [
   "https://chat.qwen.ai/*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "textarea#chat-input",
   "textarea"
  ],
  "send": [
   "#send-message-button"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/chat/completions",
    "body": "json",
    "text": [
     "messages.*.content"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/v2/chat/completions",
    "body": "json",
    "text": [
     "messages.*.content"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "t3-chat",
  "v": 1,
  "service": "t3-chat",
  "match": [
   "https://t3.chat/*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "textarea#chat-input",
   "textarea"
  ],
  "send": [
   "button[aria-label*=Send]",
   "button[type=submit]"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/chat",
    "body": "json",
    "text": [
     "messages.*.content",
     "messages.*.parts.*.text"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "you",
  "v": 1,
  "service": "you",
  "match": [
   "https://you.com/*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "textarea#search-input-textarea",
   "textarea"
  ],
  "send": [
   "button[type=submit]"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "GET",
    "path": "/api/streamingSearch",
    "body": "query",
    "text": [
     "q",
     "chat"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 },
 {
  "id": "zai",
  "v": 1,
  "service": "zai",
  "match": [
   "https://chat.z.ai/*"
  ],
  "editor": "textarea",
  "replace": "native-setter",
  "composer": [
   "textarea#chat-input",
   "textarea"
  ],
  "send": [
   "#send-message-button"
  ],
  "fileInput": [
   "input[type=file]"
  ],
  "submitKeys": [
   "Enter"
  ],
  "fallbackText": "all-strings",
  "requests": [
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/chat/completions",
    "body": "json",
    "text": [
     "messages.*.content"
    ]
   },
   {
    "transport": "fetch",
    "method": "POST",
    "path": "/api/v2/chat/completions",
    "body": "json",
    "text": [
     "messages.*.content"
    ]
   }
  ],
  "health": {
   "composerWithinMs": 5000
  }
 }
]
