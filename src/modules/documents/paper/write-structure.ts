import { writeText } from '#trust/pdf/write.ts'
import { type Objects, ref } from './objects.ts'
import type { Sheet } from './sheets.ts'
import { isTag, type Mark, type Tag } from './structure.ts'

/**
 * The tree that a reader hears, and for each page which of its tags each run belongs to (ISO 32000-1, 14.7.2, 14.7.4).
 * @param leaves the pages' objects
 * @returns the root's number
 */
export function writeStructure(
  objects: Objects,
  tree: Tag,
  sheets: readonly Sheet[],
  leaves: readonly number[],
): number {
  const root = objects.reserve()
  const numbers = new Map<Tag, number>()
  const write = (tag: Tag, parent: number): number => {
    const num = objects.reserve()
    numbers.set(tag, num)
    const page = tag.kids.find((kid): kid is Mark => !isTag(kid))?.page
    const kids = tag.kids.map((kid) => {
      if (isTag(kid)) return ref(write(kid, num))
      return kid.page === page ? String(kid.id) : `<</Type /MCR /Pg ${ref(leaves[kid.page]!)} /MCID ${kid.id}>>`
    })
    const entries = [
      `/S /${tag.role} /P ${ref(parent)}`,
      page === undefined ? '' : `/Pg ${ref(leaves[page]!)}`,
      tag.alt ? `/Alt ${writeText(tag.alt)}` : '',
      tag.attributes ? `/A <<${tag.attributes}>>` : '',
      `/K [${kids.join(' ')}]`,
    ]
    objects.set(num, `<<${entries.filter(Boolean).join(' ')}>>`)
    return num
  }
  const top = write(tree, root)
  const owners = sheets.map(({ tags }, i) => `${i} [${tags.map((tag) => ref(numbers.get(tag)!)).join(' ')}]`)
  const parents = objects.add(`<</Nums [${owners.join(' ')}]>>`)
  objects.set(
    root,
    `<</Type /StructTreeRoot /K ${ref(top)} /ParentTree ${ref(parents)} /ParentTreeNextKey ${sheets.length}>>`,
  )
  return root
}
