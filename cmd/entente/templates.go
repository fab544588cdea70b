package main

const releaseTemplate = `
# Who may read it. Without an audience it stays the own agency's.
release:
  audience:
    agencies: [agencies/fr-ofast]      # also: units, officers, groups, allPartners: true
  # What others may learn: EXISTENCE_HIDDEN (default), EXISTENCE_SILENT, EXISTENCE_HIT.
  existence: EXISTENCE_HIDDEN
  markings:
    classification: CLASSIFICATION_CEILING_NOT_CLASSIFIED
    trafficLight: TRAFFIC_LIGHT_AMBER
    handlingCodes: [EUROPOL_HANDLING_CODE_H2]

# The own key for the record: submitting it again changes nothing.
originatorReference: CASE-7-1
caseReference: CASE-7
`

const itemTemplate = `# A draft of an intelligence item: entente item submit -f FILE
plain:
  title: Inflatables bought in Lille
  narrative: |
    Two buyers paid cash for three nine-metre inflatables.
  languageCode: en
  urgency: URGENCY_URGENT_INDIRECT_ACCESS
  evaluation:
    europol:
      source: EUROPOL_SOURCE_EVALUATION_B
      information: EUROPOL_INFORMATION_EVALUATION_2
  crimeAreas: [CRIME_AREA_IMMIGRANT_SMUGGLING]
  route: SMUGGLING_ROUTE_ENGLISH_CHANNEL
  crossingMethods: [CROSSING_METHOD_SMALL_BOAT]
  observed:
    startTime: 2026-11-20T22:00:00Z
  subjects:
    - subjectId: phone-1
      phone: {}
      identifiers:
        - type: IDENTIFIER_TYPE_PHONE_NUMBER
          rawValue: "+33 6 12 34 56 78"
` + releaseTemplate

const reportTemplate = `# A draft of a seizure report: entente seizure submit -f FILE
plain:
  title: Cash and an engine in a lock-up
  languageCode: en
  crimeAreas: [CRIME_AREA_IMMIGRANT_SMUGGLING]
  assets:
    - assetId: cash
      type: ASSET_TYPE_CASH
      description: Notes in an envelope
recoverySteps:
  - assetId: cash
    stage: RECOVERY_STAGE_SEIZED
    stepDate: 2026-11-20
` + releaseTemplate
