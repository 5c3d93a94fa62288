/** What a question may cost. Whoever asks may lower or raise each. */
export interface WorkBounds {
  /** Signatures tried, of certificates, lists and answers: the nodes and edges of the search. */
  nodes: number
  /** Whole chains judged. */
  paths: number
  /** Authorities between the anchor and the certificate. */
  depth: number
  /** Bytes of all that is given: certificates, lists and answers. */
  bytes: number
  /** Time, where `elapsed` tells it. */
  milliseconds: number
}

export type Bound = keyof WorkBounds

/** Well above what any honest question needs; a list may have half a gigabyte. */
export const DEFAULT_BOUNDS: WorkBounds = {
  nodes: 512,
  paths: 32,
  depth: 10,
  bytes: 1024 * 1024 * 1024,
  milliseconds: 10_000,
}

/** Counts what one question costs, over all its searches. */
export class WorkBudget {
  private readonly bounds: WorkBounds
  private readonly elapsed: () => number
  private nodes = 0
  private paths = 0
  /** The first bound that was met; a longer path than allowed counts only where nothing else was. */
  private met: Bound | undefined
  private tooDeep = false

  /** @param elapsed milliseconds since the question was put; without it time is not counted, for there is no clock here */
  constructor(bounds: Partial<WorkBounds> = {}, elapsed: () => number = () => 0) {
    this.bounds = { ...DEFAULT_BOUNDS, ...definedOf(bounds) }
    this.elapsed = elapsed
  }

  /** Takes one signature; false where none is left, or no time. */
  takeNode(): boolean {
    if (this.isSpent()) return false
    this.nodes++
    return true
  }

  takePath(): void {
    this.paths++
  }

  /** Notes a chain with that many authorities under the anchor; false where they are too many. */
  allowsDepth(authorities: number): boolean {
    if (authorities <= this.bounds.depth) return true
    this.tooDeep = true
    return false
  }

  isSpent(): boolean {
    if (this.met) return true
    if (this.nodes >= this.bounds.nodes) this.met = 'nodes'
    else if (this.paths >= this.bounds.paths) this.met = 'paths'
    else if (this.elapsed() > this.bounds.milliseconds) this.met = 'milliseconds'
    return this.met !== undefined
  }

  /** The bound that ended the search, and its value. */
  get ended(): { bound: Bound; limit: number } | undefined {
    const bound = this.met ?? (this.tooDeep ? 'depth' : undefined)
    return bound && { bound, limit: this.bounds[bound] }
  }
}

const definedOf = (bounds: Partial<WorkBounds>): Partial<WorkBounds> =>
  Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined))

const WHAT: Record<Bound, (limit: number) => string> = {
  nodes: (limit) => `more than ${limit} signatures would have to be tried`,
  paths: (limit) => `more than ${limit} chains would have to be judged`,
  depth: (limit) => `the path would have more than ${limit} authorities under the anchor`,
  bytes: (limit) => `what is given has more than ${limit} bytes`,
  milliseconds: (limit) => `it took more than ${limit} milliseconds`,
}

/** Names the bound that was met. */
export const boundInWords = ({ bound, limit }: { bound: Bound; limit: number }): string =>
  `The search for a path was given up: ${WHAT[bound](limit)} (bound: ${bound}).`
