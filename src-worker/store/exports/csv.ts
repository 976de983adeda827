/**
 * Starts that a spreadsheet takes for a formula, also behind blanks; the last four are the full-width forms that
 * Excel folds into the plain ones. TAB, CR and LF at the start are guarded whatever follows.
 */
const FORMULA_START = /^(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/u;

/**
 * One text field: guarded by a leading apostrophe where a spreadsheet would run it, quoted by RFC 4180 where it has
 * to be. Numbers do not come here: they are ours and may begin with a minus.
 */
export function csvText(text: string): string {
  const safe = FORMULA_START.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** csvText with a memory, for columns that repeat few values. */
export function csvTextCache(): (text: string) => string {
  const fields = new Map<string, string>();
  return (text) => {
    let field = fields.get(text);
    if (field === undefined) {
      field = csvText(text);
      fields.set(text, field);
    }
    return field;
  };
}

/** Line end of RFC 4180. */
export const CSV_END = '\r\n';
