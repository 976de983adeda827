const MASK = '***';
/** Shorter than this, hiding every occurrence would make the log unreadable and hide nothing: the URL rule has to do. */
const MIN_LEARNT = 3;
const MAX_LEARNT = 1000;

/** scheme://anything@: all between the slashes and the last @ of the word may be a name and a password. */
const userInfo = /([a-z][a-z0-9+.-]{1,30}:\/\/)[^\s"'<>]*@/gi;
/** password=..., "token": "..." and their kin. */
const named =
  /\b(pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|authorization)(["']?\s*[=:]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|(?:basic|bearer|digest)\s+[^\s"',;&]+|[^\s"',;&]+)/gi;

/** The forms in which a secret may turn up: as it is, in a URL, in JSON. */
function formsOf(secret: string): string[] {
  const forms = [secret, JSON.stringify(secret).slice(1, -1)];
  try {
    const encoded = encodeURIComponent(secret);
    forms.push(
      encoded,
      encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
      encodeURI(secret),
    );
  } catch {
    // A lone surrogate has no URL form.
  }
  try {
    forms.push(decodeURIComponent(secret));
  } catch {
    // Not percent-encoded.
  }
  return forms.flatMap((form) => [form, JSON.stringify(form).slice(1, -1)]);
}

/** So that a secret that holds another is hidden whole. */
function longestFirst(forms: readonly string[]): string[] {
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** Takes secrets out of free text. One for the whole program: every sink asks it last. */
export class SecretMask {
  readonly #learnt = new Set<string>();
  /** Of all that was learnt; null: something was learnt since they were made. */
  #forms: readonly string[] | null = null;

  /** From now on this text is hidden wherever it turns up. */
  learn(secret: string): void {
    if (secret.length < MIN_LEARNT || this.#learnt.has(secret)) return;
    if (this.#learnt.size >= MAX_LEARNT) {
      const [oldest] = this.#learnt;
      if (oldest !== undefined) this.#learnt.delete(oldest);
    }
    this.#learnt.add(secret);
    this.#forms = null;
  }

  /** The text without any secret that is known or looks like one. */
  mask(text: string): string {
    let masked = text;
    this.#forms ??= longestFirst([...this.#learnt].flatMap(formsOf));
    for (const form of this.#forms) if (masked.includes(form)) masked = masked.replaceAll(form, MASK);
    return masked
      .replace(userInfo, (_all, scheme: string) => `${scheme}${MASK}@`)
      .replace(named, (_all, name: string, between: string, value: string) => {
        const quote = /^["']/.exec(value)?.[0] ?? '';
        return `${name}${between}${quote}${MASK}${quote}`;
      });
  }

  /** Every text within a value, keys too; numbers and the like stay. */
  maskDeep(value: unknown): unknown {
    if (typeof value === 'string') return this.mask(value);
    if (Array.isArray(value)) return value.map((each) => this.maskDeep(each));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [this.mask(key), this.maskDeep(each)]),
    );
  }
}

/** The one mask of this process. */
export const secrets = new SecretMask();
