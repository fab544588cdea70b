package intel

// The reasons for which this room refuses a field, beside those of malformed
// identifiers and codes, which package identifier names. They are stable: a
// client may branch on them.
const (
	// ReasonCardInText: free text holds a full payment card number.
	ReasonCardInText = "CARD_NUMBER_IN_TEXT"
	// ReasonCardPath: a card number names no PAYMENT_CARD identifier.
	ReasonCardPath = "CARD_PATH_UNKNOWN"
	// ReasonCardTwice: two card numbers name the same identifier.
	ReasonCardTwice = "CARD_PATH_TWICE"
	// ReasonCardMask: number and masked form are of different cards.
	ReasonCardMask = "CARD_MASK_MISMATCH"
	// ReasonTimestamp: a time outside the years 1 to 9999, or with wrong nanos.
	ReasonTimestamp = "TIMESTAMP_INVALID"
	// ReasonInterval: an interval ends before it starts.
	ReasonInterval = "INTERVAL_REVERSED"
	// ReasonFuture: a time that lies in the past by its nature is in the future.
	ReasonFuture = "TIME_IN_FUTURE"
	// ReasonOtherLabel: OTHER without saying what.
	ReasonOtherLabel = "OTHER_LABEL_REQUIRED"
	// ReasonRenditionEmpty: a rendition without title and narrative.
	ReasonRenditionEmpty = "RENDITION_EMPTY"
	// ReasonSubjectTwice: two subjects have the same subject_id.
	ReasonSubjectTwice = "SUBJECT_ID_TWICE"
	// ReasonSubjectUnknown: a subject_id that no subject of the record has.
	ReasonSubjectUnknown = "SUBJECT_ID_UNKNOWN"
	// ReasonSubjectEmpty: a subject of which nothing is said.
	ReasonSubjectEmpty = "SUBJECT_EMPTY"
	// ReasonRelatedRequired: a CONTACT or ASSOCIATE of nobody.
	ReasonRelatedRequired = "RELATED_SUBJECT_REQUIRED"
	// ReasonRelatedCategory: a related subject is the person itself or no person.
	ReasonRelatedCategory = "RELATED_SUBJECT_INVALID"
	// ReasonPlaceEmpty: a place that names no place.
	ReasonPlaceEmpty = "PLACE_EMPTY"
	// ReasonAssetTwice: two assets have the same asset_id.
	ReasonAssetTwice = "ASSET_ID_TWICE"
	// ReasonAssetUnknown: a step of an asset that the report does not have.
	ReasonAssetUnknown = "ASSET_ID_UNKNOWN"
	// ReasonNegative: an amount below zero.
	ReasonNegative = "AMOUNT_NEGATIVE"
	// ReasonValuedOn: an amount in a withdrawn currency, without its day.
	ReasonValuedOn = "VALUED_ON_REQUIRED"
	// ReasonOutputOnly: a field that only the hub fills in.
	ReasonOutputOnly = "OUTPUT_ONLY"
	// ReasonStage: a step without a stage that voids nothing either.
	ReasonStage = "STAGE_REQUIRED"
	// ReasonBasisRequired: no ground of confiscation from CONFISCATION_SOUGHT on.
	ReasonBasisRequired = "CONFISCATION_BASIS_REQUIRED"
	// ReasonBasisEarly: a ground of confiscation at a stage that has none.
	ReasonBasisEarly = "CONFISCATION_BASIS_NOT_ALLOWED"
	// ReasonDisposalRequired: DISPOSED without a method.
	ReasonDisposalRequired = "DISPOSAL_METHOD_REQUIRED"
	// ReasonDisposalEarly: a method of disposal at another stage.
	ReasonDisposalEarly = "DISPOSAL_METHOD_NOT_ALLOWED"
	// ReasonSharingRequired: SHARED without shares.
	ReasonSharingRequired = "SHARING_REQUIRED"
	// ReasonSharingEarly: shares at another stage.
	ReasonSharingEarly = "SHARING_NOT_ALLOWED"
	// ReasonShareForm: a share that is not one of amount and basis points.
	ReasonShareForm = "SHARE_AMOUNT_OR_POINTS"
	// ReasonShareTwice: a country with two shares.
	ReasonShareTwice = "SHARE_REGION_TWICE"
	// ReasonSharesWhole: shares that add up to more than the whole.
	ReasonSharesWhole = "SHARES_ABOVE_WHOLE"
	// ReasonHitAudience: existence HIT without a hit audience.
	ReasonHitAudience = "HIT_AUDIENCE_REQUIRED"
	// ReasonHitUnused: a hit audience without existence HIT.
	ReasonHitUnused = "HIT_AUDIENCE_WITHOUT_HIT"
	// ReasonTLPRed: TLP:RED for others than units and named officers.
	ReasonTLPRed = "TLP_RED_AUDIENCE"
	// ReasonH0: H0 beside H1, H2 or H3.
	ReasonH0 = "H0_EXCLUSIVE"
	// ReasonH3: H3 without its text.
	ReasonH3 = "H3_TEXT_REQUIRED"
	// ReasonUKConditions: UK handling code C without both conditions.
	ReasonUKConditions = "UK_CONDITIONS_REQUIRED"
	// ReasonUKUnused: a UK condition without handling code C.
	ReasonUKUnused = "UK_CONDITIONS_WITHOUT_C"
	// ReasonNoforn: NOFORN beside a release to another country.
	ReasonNoforn = "NOFORN_CONTRADICTED"
	// ReasonClassification: a classification above what the hub may carry.
	ReasonClassification = "CLASSIFICATION_TOO_HIGH"
	// ReasonReviewPast: a review time that has passed.
	ReasonReviewPast = "REVIEW_TIME_PAST"
	// ReasonReviewLate: a review time later than the period allows.
	ReasonReviewLate = "REVIEW_TIME_TOO_LATE"
	// ReasonNecessity: protected persons without a statement of necessity.
	ReasonNecessity = "NECESSITY_STATEMENT_REQUIRED"
	// ReasonProtectedAudience: protected persons for groups or all partners.
	ReasonProtectedAudience = "PROTECTED_NAMED_ONLY"
	// ReasonProtectedExistence: protected persons with SILENT or HIT.
	ReasonProtectedExistence = "PROTECTED_HIDDEN_ONLY"
	// ReasonProtectedReturns: protected persons for the purpose RETURNS.
	ReasonProtectedReturns = "PROTECTED_NEVER_RETURNS"
	// ReasonOfficer: another officer than the certificate names.
	ReasonOfficer = "OFFICER_MISMATCH"
	// ReasonSystemDelivery: an officer's certificate with SYSTEM_DELIVERY.
	ReasonSystemDelivery = "SYSTEM_DELIVERY_BY_OFFICER"
	// ReasonJustification: neither case nor reason, blanks apart.
	ReasonJustification = "CASE_OR_REASON_REQUIRED"
	// ReasonPurpose: no purpose.
	ReasonPurpose = "PURPOSE_REQUIRED"
)

// The codes with which this room flags a field in an Assessment: kept as it is,
// but worth a second look.
const (
	// CodeBirthFuture: a birth date in the future.
	CodeBirthFuture = "BIRTH_DATE_FUTURE"
	// CodeCountsAsMinor: the birth date could be that of a minor, so the person
	// is protected as one, whatever the age status says.
	CodeCountsAsMinor = "AGE_COUNTS_AS_MINOR"
	// CodeMixedScripts: a name with letters of several scripts.
	CodeMixedScripts = "NAME_MIXED_SCRIPTS"
	// CodePlaceRegion: region, subdivision and UN/LOCODE name several countries.
	CodePlaceRegion = "PLACE_REGIONS_DIFFER"
)
