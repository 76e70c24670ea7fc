export { ChartHeader } from "./chart-header.tsx";
export { ChartLink } from "./chart-link.tsx";
export { SafetyCardView } from "./safety-card-view.tsx";
