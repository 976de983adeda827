/** A set-up step that could not do its work; `remedy` is what the person can do about it. */
export class StepError extends Error {
  /**
   * @param {string} message what went wrong
   * @param {string} remedy what to do, in one or a few lines
   */
  constructor(message, remedy) {
    super(message);
    this.name = 'StepError';
    this.remedy = remedy;
  }
}
