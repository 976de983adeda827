/** The part of better-sqlite3 that the store uses; the package brings no types of its own. */
declare module 'better-sqlite3' {
  export type SqlValue = string | number | bigint | Uint8Array | null;

  export interface RunResult {
    readonly changes: number;
    readonly lastInsertRowid: number | bigint;
  }

  /** `Row` is what one row of the statement looks like; STRICT tables make that a promise of the schema. */
  export interface Statement<Params extends readonly SqlValue[], Row> {
    run(...params: Params): RunResult;
    get(...params: Params): Row | undefined;
    all(...params: Params): Row[];
    iterate(...params: Params): IterableIterator<Row>;
    /** Rows as arrays in the order of the columns. */
    raw(toggle?: boolean): this;
    /** Only the first column. */
    pluck(toggle?: boolean): this;
  }

  export interface DatabaseOptions {
    readonly readonly?: boolean;
    readonly fileMustExist?: boolean;
    /** busy_timeout in milliseconds. */
    readonly timeout?: number;
  }

  export class SqliteError extends Error {
    readonly code: string;
  }

  export default class Database {
    constructor(path: string, options?: DatabaseOptions);
    readonly open: boolean;
    readonly inTransaction: boolean;
    prepare<Params extends readonly SqlValue[] = [], Row = unknown>(sql: string): Statement<Params, Row>;
    exec(sql: string): this;
    pragma(sql: string, options?: { readonly simple?: boolean }): unknown;
    /** Runs `work` between BEGIN and COMMIT; anything thrown rolls back and is thrown again. */
    transaction<Args extends readonly unknown[], Result>(
      work: (...args: Args) => Result,
    ): {
      (...args: Args): Result;
      immediate(...args: Args): Result;
    };
    /** Online backup; `progress` says how many pages come next, and gives it up by throwing. */
    backup(path: string, options?: { readonly progress?: () => number }): Promise<unknown>;
    close(): this;
  }
}
