/** A password as people choose them, which must be seen nowhere. */
export const SECRET = { user: 'warden', password: 'Zw1ebel%40suppe!7#äß' } as const;
