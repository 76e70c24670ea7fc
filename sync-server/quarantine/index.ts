export { assertColleague, takeItemBack } from "./hand-over.ts";
export { openItem, openReason } from "./items.ts";
export { followReview, REVIEW_NEWS } from "./review-news.ts";
