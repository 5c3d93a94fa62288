/** What was opened, closed in the opposite order: whoever opens something adds what closes it. */
export type Opened = Array<() => unknown>

export async function closeAll(opened: Opened): Promise<void> {
  for (let each = opened.pop(); each; each = opened.pop()) await each()
}
