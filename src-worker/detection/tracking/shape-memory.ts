import type { Box } from '#shared/domain/box.ts';

/** Time constants (seconds): of the remembered size, of the same while part is hidden, of what is at present. */
const memorySeconds = 2;
const hiddenSeconds = 20;
const presentSeconds = 0.15;
/** Lower than remembered by more than this share is not the noise of boxes. */
const leastHidden = 0.08;

/**
 * Remembers the size of an upright object over some seconds, to tell being hidden little by little from going away:
 * what goes away gets lower and narrower alike, what a hedge or a car hides loses height from below while its width
 * and its head's way stay. From one frame to the next the two look the same.
 */
export class ShapeMemory {
  private height: number;
  private width: number;
  private presentWidth: number;
  private presentHeight: number;
  private head: number;
  /** Pixels per second. */
  private headSpeed = 0;

  constructor(box: Box) {
    this.height = box.y2 - box.y1;
    this.width = box.x2 - box.x1;
    this.presentWidth = this.width;
    this.presentHeight = this.height;
    this.head = box.y1;
  }

  /** Takes the next found box, `seconds` after the last one; `partial`: part of the object is known to be hidden. */
  add(found: Box, seconds: number, partial: boolean): void {
    if (!(seconds > 0)) return;
    const share = 1 - Math.exp(-seconds / (partial ? hiddenSeconds : memorySeconds));
    const fresh = 1 - Math.exp(-seconds / presentSeconds);
    const width = found.x2 - found.x1;
    this.height += share * (found.y2 - found.y1 - this.height);
    this.width += share * (width - this.width);
    this.presentWidth += fresh * (width - this.presentWidth);
    this.presentHeight += fresh * (found.y2 - found.y1 - this.presentHeight);
    this.headSpeed += fresh * ((found.y1 - this.head) / seconds - this.headSpeed);
    this.head = found.y1;
  }

  /**
   * Where an upright object is expected as a whole, when it seems to get hidden from below: from where its head should
   * be now down to where its feet are by its width and what it was before. Else the expected box as it is.
   */
  unhidden(expected: Box, seconds: number): Box {
    const height = expected.y2 - expected.y1;
    if (height <= expected.x2 - expected.x1) return expected;
    // both lag behind alike, so that what goes away quickly is not taken for hidden
    const narrower = Math.min(1, this.presentWidth / this.width);
    const lower = this.presentHeight / this.height;
    const whole = this.height * narrower;
    if (narrower <= (1 + leastHidden) * lower || whole <= (1 + leastHidden) * height) return expected;
    const head = this.head + this.headSpeed * seconds;
    return { ...expected, y1: head, y2: head + whole };
  }
}
