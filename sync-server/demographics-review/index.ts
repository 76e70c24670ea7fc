export { DemographicsReviewEntity } from "./demographics-review.entity.ts";
