export declare const sections: Readonly<Record<"adoption" | "edits", readonly string[]>>;
export declare function sectionText(name: keyof typeof sections): Promise<string>;
