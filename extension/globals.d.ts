/** What classic scripts of the isolated world share, and what the compiler does not know yet. */

declare var quillgateParts: Record<string, { paths: string[]; requests: string[] } | undefined> | undefined;
declare var quillgateCovered: { isAwake: boolean; awake: Promise<void>; isAbout(url: string): boolean } | undefined;
declare var navigation: EventTarget;
