// Fails when a page of the build weighs more than agreed (gzip, kB). Reads the Vite manifest.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const root = new URL('../dist/app/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', root), 'utf8'))
const limits = { firstJS: 370, firstCSS: 115, echarts: 320, page: 120 }
const weights = new Map()

function weigh(file) {
  if (!weights.has(file))
    weights.set(file, gzipSync(readFileSync(new URL(file, root)), { level: 9 }).length / 1000)
  return weights.get(file)
}

// closure is a chunk with everything that it loads at once.
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const next of manifest[key].imports ?? []) closure(next, seen)
  return seen
}

const sum = (keys, pick) =>
  [...new Set([...keys].flatMap(pick))].reduce((total, file) => total + weigh(file), 0)
const isChart = (key) => manifest[key].name === 'echarts'
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry)
const first = closure(entry)
// The first page that people see is the cockpit: its chunk counts as first load, the charts that it loads later do not.
const cockpit = Object.keys(manifest).find((key) => key.endsWith('cockpit/CockpitPage.tsx'))
if (cockpit) for (const key of closure(cockpit)) if (!isChart(key)) first.add(key)

const rows = [
  ['first load, JS', sum(first, (key) => [manifest[key].file]), limits.firstJS],
  ['first load, CSS', sum(first, (key) => manifest[key].css ?? []), limits.firstCSS],
]
for (const key of Object.keys(manifest)) {
  const chunk = manifest[key]
  if (isChart(key)) rows.push(['echarts', weigh(chunk.file), limits.echarts])
  else if (chunk.isDynamicEntry && !first.has(key)) {
    const own = [...closure(key)].filter((other) => !first.has(other) && !isChart(other))
    rows.push([key, sum(own, (other) => [manifest[other].file]), limits.page])
  }
}

let failed = false
for (const [name, weight, limit] of rows) {
  const over = weight > limit
  failed ||= over
  console.log(`${over ? 'OVER' : 'ok  '} ${weight.toFixed(1).padStart(7)} of ${limit} kB  ${name}`)
}
if ([...first].some(isChart)) {
  console.error('the chart library is part of the first load: import it lazily')
  failed = true
}
process.exit(failed ? 1 : 0)
