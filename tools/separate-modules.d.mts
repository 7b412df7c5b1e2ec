import type { Plugin } from 'esbuild'

/** The modules of a folder and of those in it, without tests. @param root what it is written from. */
export declare function modulesOf(folder: string, root?: string): string[]

/** A plugin of esbuild: each module of the folder becomes a file of its own, at its place below `src`. */
export declare function separateModules(folder: string): Plugin
