export const executablePath: string;
export const flags: string[];
