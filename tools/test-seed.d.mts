export declare function testSeedOf(root: string): string
