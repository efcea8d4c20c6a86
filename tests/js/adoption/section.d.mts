/** The text between README.md's adoption marks. */
export declare function adoptionSection(): Promise<string>;
