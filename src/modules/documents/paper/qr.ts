import QRCode from 'qrcode'
import { short } from './sheets.ts'

/** Which of the eight patterns breaks up the modules does not matter to a reader; trying all to find the best costs more than drawing the page. */
const MASK = 2
/** Modules of white that a reader needs around the code (ISO/IEC 18004). */
const QUIET = 4

/** A QR code in a square of `side` points whose lower left corner is at (x, y): one rectangle for each run of dark modules. */
export function drawQr(text: string, x: number, y: number, side: number): string {
  const segments = [{ data: Buffer.from(text), mode: 'byte' as const }]
  const { size, data } = QRCode.create(segments, { errorCorrectionLevel: 'M', maskPattern: MASK }).modules
  const scale = side / (size + QUIET * 2)
  let path = ''
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1) {
      const start = column
      while (column < size && data[row * size + column]) column += 1
      if (column > start) path += `${start} ${size - row - 1} ${column - start} 1 re\n`
    }
  return `q\n${scale.toFixed(5)} 0 0 ${scale.toFixed(5)} ${short(x + QUIET * scale)} ${short(y + QUIET * scale)} cm\n0 0 0 rg\n${path}f\nQ\n`
}
