/** Whether node_modules is what package-lock.json asks for. */
export declare function isInstalled(folder?: string): boolean;
