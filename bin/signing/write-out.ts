import { randomBytes } from 'node:crypto'
import { link, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Language } from '#kernel/texts.ts'
import { refuseFile } from '../read-options.ts'
import { refuseSigning } from './texts.ts'

interface Target {
  out: string
  force: boolean
  /** Never overwritten, also by force, by whatever name they go. */
  inputs: readonly string[]
  language: Language
}

/** Before any key is asked. @throws Refusal `out-is-input`, `out-exists`; UsageRefusal where there is no such folder */
export async function checkOut({ out, force, inputs, language }: Target): Promise<void> {
  if (!(await stat(dirname(out)).catch(() => undefined))?.isDirectory()) throw refuseFile(dirname(out), 'no-folder')
  const there = await stat(out).catch(() => undefined)
  if (!there) return
  for (const input of inputs) {
    const read = await stat(input).catch(() => undefined)
    if (read?.dev === there.dev && read.ino === there.ino) throw refuseSigning('out-is-input', language)
  }
  if (!force) throw refuseSigning('out-exists', language, { file: out })
  if (!there.isFile()) throw refuseFile(out, 'no-plain-file')
}

/** All of it or nothing; what came there meanwhile is left alone unless forced. @throws as `checkOut` */
export async function writeOut(
  target: Target,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number> {
  const { out, force, language } = target
  const part = `${out}.${randomBytes(6).toString('hex')}.part`
  let bytes = 0
  try {
    const file = await open(part, 'wx')
    try {
      for await (const each of pieces) {
        await file.writeFile(each)
        bytes += each.length
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await checkOut(target)
    if (force) await rename(part, out)
    else await link(part, out)
    return bytes
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw refuseSigning('out-exists', language, { file: out })
    throw error
  } finally {
    await rm(part, { force: true })
  }
}
