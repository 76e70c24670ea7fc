import { lazyPart } from "#pwa/app/lazy-part.tsx";

export const TaskForm = lazyPart(() => import("./task-form.tsx").then((module) => module.TaskForm));
export const HandOverForm = lazyPart(() => import("./task-form.tsx").then((module) => module.HandOverForm));
