// Finds what leads nowhere in the Markdown files of published packages: for who has these, and no repository.
import { posix } from 'node:path'

/**
 * Faults of one package. A relative link leads to a file of its own, an anchor to a heading; `node_modules/...` in code to
 * a file of the package that it names.
 *
 * @param {string} name of the package
 * @param {Map<string, Map<string, string>>} packages the files of every package of this repository, by name
 * @returns {string[]}
 */
export function findDanglingLinks(name, packages) {
  const files = packages.get(name) ?? new Map()
  const documents = [...files].filter(([path]) => path.endsWith('.md'))
  return documents.flatMap(([path, text]) => {
    const prose = text.replaceAll(/^ *```.*?^ *```$/gms, '')
    const links = [...prose.replaceAll(/`[^`\n]*`/g, '').matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, target = '']) => target)
    const named = [...prose.matchAll(/`node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\/([^`]+)`/g)]
    return [
      ...links.filter((target) => !leadsSomewhere(path, target, files)),
      ...named.filter(([, of = '', file = '']) => !isThere(file, packages.get(of) ?? new Map())).map(([all]) => all),
    ].map((target) => `${path} leads to ${target}, which is not published`)
  })
}

/**
 * @param {string} from
 * @param {string} target
 * @param {Map<string, string>} files
 */
function leadsSomewhere(from, target, files) {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? from : posix.join(posix.dirname(from), path)
  if (anchor === undefined) return isThere(file, files)
  return anchorsOf(files.get(file) ?? '').includes(anchor)
}

/**
 * @param {string} path of a file or a folder
 * @param {Map<string, string>} files
 */
function isThere(path, files) {
  return files.has(path) || [...files.keys()].some((file) => file.startsWith(path.replace(/\/*$/, '/')))
}

/** @param {string} text */
function anchorsOf(text) {
  return [...text.matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '').trim().replaceAll(' ', '-'),
  )
}
