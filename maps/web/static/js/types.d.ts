/** Shapes of the HTTP interface, made by `python -m docs.make_reference`. */

/** Reads, newest first; `next_before` leads to the next page. */
export interface AccessPage {
  entries: AccessView[];
  next_before: number | null;
}

/** One read of personal values; `break_glass_id` where the glass was broken for it. */
export interface AccessView {
  access_id: number;
  actor: string;
  subject_kind: string;
  subject_id: string;
  reason: string;
  accessed_at: string;
  break_glass_id: string | null;
  reviews: ReviewView[];
}

/** What is to be different; what is left out stays. `grants` are all roles it then has. */
export interface AccountChange {
  display_name?: string | null;
  language?: "zh" | "en" | null;
  grants?: GrantIn[] | null;
}

/** A new account. */
export interface AccountIn {
  username: string;
  password: string;
  display_name?: string | null;
  language?: "zh" | "en";
  grants?: GrantIn[];
}

/** Every account, by name. */
export interface AccountList {
  accounts: AccountView[];
}

/** One account. `sessions` and `tokens` count those that are open now. */
export interface AccountView {
  user_id: string;
  username: string;
  display_name: string;
  language: string;
  version: number;
  created_at: string;
  disabled_at: string | null;
  seen_at: string | null;
  sessions: number;
  tokens: number;
  grants: HeldRole[];
}

/** What a study does at one place; `nearest` of the sites it lists, None: another or none. */
export interface AddressView {
  cell: string;
  people: number;
  district: string | null;
  before_s: number | null;
  after_s: number | null;
  before: number;
  after: number;
  change: string;
  nearest: planning__studies__views__SiteView | null;
}

/** For how many days from today dispatch is advised. */
export interface AdvisoryIn {
  days?: number;
}

/** The advisories of a city that are not over, the newest first. */
export interface AdvisoryList {
  advisories: AdvisoryView[];
}

/** One advisory. cases: how many, None where that is not told; until: its last day. */
export interface AdvisoryView {
  advisory_id: string;
  what: Words;
  place: Words;
  cases: number | null;
  since: string;
  until: string;
  posted_at: string;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
}

/** Whether it is as reported. */
export interface AedDecisionIn {
  decision: "accepted" | "dismissed";
}

/** All that was reported of one device and decided about it, newest first. */
export interface AedHistory {
  aed_id: number;
  steps: AedStep[];
}

/** What is said of a picture (`/v1/aeds/{aed_id}/photo`): who took it, its licence, the day. */
export interface AedPhoto {
  source: string;
  licence: string;
  taken_on: string | null;
  added_at: string;
}

/** What is wrong with a device. The words are optional, and name nobody. */
export interface AedReportIn {
  kind: "missing" | "broken";
  words?: string;
}

/** Reports that wait, newest first, then those decided in the last 30 days. */
export interface AedReportList {
  reports: AedReportView[];
}

/** A citizen's report as a moderator sees it; `state` is the device's own, now. */
export interface AedReportView {
  report_id: string;
  aed_id: number;
  kind: string;
  words: string | null;
  reported_at: string;
  decision: string | null;
  decided_at: string | null;
  decided_by: string | null;
  check_requested_at: string | null;
  check_requested_by: string | null;
  city_id: number;
  name: string | null;
  name_zh: string | null;
  location: string | null;
  location_zh: string | null;
  indoor: boolean | null;
  floor: string | null;
  phone: string | null;
  lon: number;
  lat: number;
  state: string;
  city_name: string;
  city_name_zh: string | null;
}

/** What was taken of a citizen's report. */
export interface AedReported {
  aed_id: number;
  kind: string;
  reported_at: string;
}

/** One thing that was reported of a device or done about it. */
export interface AedStep {
  at: string;
  step: string;
  actor: string;
  kind: string | null;
  decision: string | null;
}

/** One defibrillator with its walking way. */
export interface AedView {
  aed_id: number;
  name: string | null;
  name_zh: string | null;
  location: string | null;
  location_zh: string | null;
  access: string;
  opening_hours: string | null;
  open_now: boolean | null;
  indoor: boolean | null;
  floor: string | null;
  phone: string | null;
  last_checked_at: string | null;
  modelled: boolean;
  lon: number;
  lat: number;
  walking_time_s: number | null;
  walking_distance_m: number;
  basis: string;
  route: LineString | null;
}

/** What a phone at a position needs, also later without a network. */
export interface AedsAround {
  at: string;
  valid_until_at: string;
  emergency_number: string | null;
  city: CityAround | null;
  aeds: NearAed[];
}

/** Where a phone is, with the radius it is sure of. In the body: it enters no address or log. */
export interface AedsAroundIn {
  point: PointIn;
  limit?: number;
}

/** The nearest defibrillators at a moment, and what their walking times are from. */
export interface AedsFound {
  at: string;
  time_zone: string;
  topology_id: string | null;
  conditions_id: string | null;
  metric_id: string | null;
  aeds: AedView[];
}

/** Cases of an age group in the last four weeks, and in the four before. */
export interface AgeView {
  age_group: string;
  cases: number;
  before: number;
}

/** Who else is told of a scene. */
export type Agency = "police" | "fire" | "electricity" | "gas" | "water_rescue" | "public_health" | "other";

/** How a request for another service's units stands. */
export type Aid = "asked" | "promised" | "refused" | "arrived";

/** How the request stands now. */
export interface AidAnswerIn {
  state: Aid;
}

/** Whom somebody asked, for how many units. */
export interface AidIn {
  service: string;
  units: number;
}

/** Units that another service was asked for, as somebody wrote it down. */
export interface AidView {
  request_id: string;
  service: string;
  units: number;
  state: Aid;
  asked_at: string;
  asked_by: string;
  changed_at: string;
}

/** An alarm of the incident, as its need, its category and the begin of the need name it. */
export interface AlarmIn {
  need: string;
  category: string;
  since: string;
}

/** A need that becomes an alarm; it ends with the need. */
export interface AlarmKind {
  need: Need;
  owner: string;
  after_s: Record<string, number>;
  repeat_s: Record<string, number>;
  escalate_s: Record<string, number>;
  escalates_to: string;
}

/** An alarm that somebody silenced or that was passed on; null: not so far. */
export interface AlarmView {
  need: string;
  category: string;
  since: string;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  escalated_at: string | null;
}

/** The alarms that were heard; others stay as they are. */
export interface AlarmsIn {
  alarms: AlarmIn[];
}

/** One volunteer asked, without a name. call: where a recall that nobody heard is said. */
export interface AlertView {
  alert_id: string;
  state: string;
  words: Reason;
  route: string;
  aed_id: number | null;
  aed_name: string | null;
  aed_name_zh: string | null;
  predicted_s: number;
  alerted_at: string;
  answered_at: string | null;
  on_scene_at: string | null;
  with_patient_at: string | null;
  aed_taken_at: string | null;
  recalled_at: string | null;
  recall_heard_at: string | null;
  call: string | null;
}

/** An AML message as the gateway got it. sender: the caller's number, from which it came. */
export interface AmlSmsIn {
  city_id: number;
  sender?: string | null;
  text: string;
}

/** A share (0 to 1) of calls to be answered within `within_s`. */
export interface AnswerStandard {
  name: string;
  edition: string;
  within_s: number;
  share: number;
}

/** The answer: no plan can beat `bound`. */
export interface AnswerView {
  value: number;
  bound: number;
  gap: number | null;
  value_before: number | null;
  of: number;
  seconds: number;
  solver: string;
  seed: number;
  ended: string;
  repeatable: boolean;
  sites: planning__studies__views__SiteView[];
  districts: DistrictRow[];
  front: FrontView[];
  trace: TraceView[];
  sentences: Words[];
  plans: PlanView[];
}

/** Figures of answering. Times in seconds from the ring; None where no call was answered. */
export interface Answering {
  rang: number;
  answered: number;
  abandoned: number;
  excluded: number;
  mean_s: number | null;
  median_s: number | null;
  p90_s: number | null;
  standards: Kept[];
}

/** An AED near by that nobody is sent for, and why. */
export interface ApartAed {
  aed_id: number;
  name: string | null;
  name_zh: string | null;
  distance_m: number;
  why: Reason;
}

/** One area: cases of the last seven days each ending, the newest last. */
export interface AreaCurveView {
  area_code: string;
  place: Words;
  cases: (number | null)[];
  total: number;
}

/** One area; `depth`: how many areas of its city stand above it. */
export interface AreaInfo {
  city_id: number;
  city: string;
  code: string;
  level: string;
  depth: number;
  name: string;
  name_zh: string | null;
  name_en: string | null;
}

/** The areas of the loaded cities. */
export interface Areas {
  areas: AreaInfo[];
}

/** An arrest as the console shows it. */
export interface ArrestView {
  incident_id: string;
  stands: string;
  ended_why: string | null;
  blocks: Reason[];
  wave_size: number;
  volunteers_near: number;
  aeds_near: number;
  crews: CrewOption[];
  carriers: CrewOption[];
  options: SurvivalOption[];
  apart: ApartAed[];
  alerts: AlertView[];
}

/** One unit under way. expected_at: None where no road leads there from where it is. */
export interface ArrivalView {
  assignment_id: string;
  unit_id: number;
  call_sign: string;
  told_at: string | null;
  travel_time_s: number | null;
  expected_at: string | null;
  late_s: number | null;
  position_age_s: number | null;
  position_stale: boolean;
  route: LineString | null;
}

/** The units under way to an incident, first to arrive first; none while it has no place. */
export interface Arrivals {
  computed_at: string;
  basis: "road" | "straight_line" | null;
  units: ArrivalView[];
}

/** The report on arrival times; `remarks` say in words what must be known beside the numbers. */
export interface ArrivalsView {
  city_id: number;
  time_zone: string;
  from_at: string;
  to_at: string;
  confidence: number;
  assignments: number;
  compared: number;
  few: boolean;
  overall: GroupView;
  by_hour: dispatch__arrivals__views__HourView[];
  by_distance: DistanceView[];
  fewest_shown: number;
  small_groups: Record<string, number>;
  excluded: ExcludedView[];
  remarks: Words[];
}

/** Who asked for a correction. */
export type AskedBy = "person" | "representative" | "authority";

/** The unit to send, with the travel time the dispatcher was shown. */
export interface AssignmentIn {
  unit_id: number;
  patient_id?: string | null;
  predicted_travel_time_s?: number | null;
  predicted_by?: "road" | "straight_line" | null;
  seen?: api__doors__dispatch__assignments__SeenIn | null;
}

/** Progress of one unit on one incident, with its ways out. */
export type AssignmentState = "suggested" | "pre_alerted" | "notified" | "acknowledged" | "en_route" | "staging" | "on_scene" | "at_patient" | "left_scene" | "at_destination" | "transferred" | "available" | "home" | "cancelled" | "diverted" | "handed_over" | "no_transport";

/** What a state of an assignment means. */
export interface AssignmentStateView {
  state: AssignmentState;
  open: boolean;
  exit: boolean;
  usual: boolean;
  approaching: boolean;
  needs_destination: boolean;
  phase: UnitPhase | null;
}

/** One unit on one incident, with its stamps and what may follow. */
export interface AssignmentView {
  assignment_id: string;
  incident_id: string;
  unit_id: number;
  call_sign: string;
  level: string;
  state: string;
  version: number;
  predicted_travel_time_s: number | null;
  predicted_by: string | null;
  predicted_arrival_at: string | null;
  destination_facility_id: number | null;
  destination_name: string | null;
  destination_name_zh: string | null;
  patient_id: string | null;
  created_at: string;
  place_acknowledged_at: string | null;
  overdue_since: string | null;
  has_place: boolean;
  stamps: StampView[];
  next_states: AssignmentState[];
}

/** A decisive answer that was not given, and what was taken instead. */
export interface Assumption {
  en: string;
  zh: string;
  question: string;
  option: string;
}

/** Every backup in the folder, newest first. */
export interface BackupList {
  folder: string;
  backups: BackupView[];
}

/** One file. `complete`: whole, and the log's chain held when it was made. */
export interface BackupView {
  name: string;
  made_at: string;
  size_bytes: number;
  events: number | null;
  state: "complete" | "log_broken" | "damaged";
}

/** People at or over a limit or without a way, now and with all roads open. */
export interface BeyondView {
  limit_min: number;
  people_now: number;
  people_open: number;
}

/** The unit that an account speaks for; null: none. */
export interface BoundView {
  user_id: string;
  unit_id: number | null;
}

/** What is to be allowed, within which area (empty: everywhere), how long, and why. */
export interface BreakGlassIn {
  permission?: string;
  jurisdiction: string;
  minutes?: number;
  reason: string;
}

/** Each time somebody broke the glass, newest first. */
export interface BreakGlassList {
  opened: BreakGlassView[];
}

/** A break-glass; `reads` counts the reads of personal values made while it was open. */
export interface BreakGlassView {
  break_glass_id: string;
  opened_by: string;
  permission: string;
  jurisdiction: string;
  reason: string;
  opened_at: string;
  expires_at: string;
  ended_at: string | null;
  reads: number;
  reviewed_by: string | null;
  reviewed_at: string | null;
  verdict: string | null;
  note: string | null;
}

/** How many alarms a day the staff of a city can verify. */
export interface BudgetIn {
  city_id: number;
  alarms_a_day: number;
}

/** How many alarms a day staff can verify, since when, by whom; version 0: as installed. */
export interface BudgetView {
  version: number;
  alarms_a_day: number;
  set_at: string | null;
  set_by: string | null;
}

/** Modelled travel beside recorded: in the half that judges, without and with the correction. */
export interface CalibrationView {
  city_id: number;
  sources: string[];
  responses: number;
  compared: number;
  left_out: Record<string, number>;
  before: ErrorsView;
  after: ErrorsView;
  helps: boolean;
  districts: ErrorsView[];
  hours: ErrorsView[];
  classes: ErrorsView[];
  words: Words;
}

/** Seats by hour of the week for a standard of answering (Erlang C). */
export interface CallCentreView {
  city_id: number;
  share: number;
  within_s: number;
  handling_s: number;
  demand: DemandView;
  week: SeatsView[];
  seat_hours: number;
  sentences: Words[];
}

/** A call. Everything but city and source may be missing: a call never waits for a place. */
export interface CallIn {
  city_id: number;
  source: CallSource;
  caller_number?: string | null;
  caller_name?: string | null;
  words?: string | null;
  point?: PointIn | null;
  place_label?: string | null;
  received_at?: string | null;
  answered_at?: string | null;
  simulated?: boolean;
}

/** What the caller said since; what is left out stays. access: gate code, floor, who waits. */
export interface CallNoteIn {
  words?: string | null;
  caller_number?: string | null;
  caller_name?: string | null;
  access?: string | null;
}

/** The call whose words were kept, and its incident. */
export interface CallNoted {
  incident_id: string;
  call_id: string;
}

/** Where a call came from. */
export type CallSource = "phone" | "text" | "app" | "alarm" | "simulation";

/** The answer to a taken call. */
export interface CallTaken {
  incident: IncidentView;
  call_id: string;
}

/** One call, without number, name and words of the caller. */
export interface CallView {
  call_id: string;
  incident_id: string;
  source: string;
  received_at: string;
  answered_at: string | null;
  recorded_at: string;
  lon: number | null;
  lat: number | null;
  uncertainty_m: number | null;
  declared_datum: string | null;
}

/** Where a phone says that it is, with the circle (m) that holds it in 95 of 100 cases. */
export interface CallerFixView {
  fix_id: string;
  call_id: string;
  source: string;
  received_at: string;
  positioned_at: string | null;
  age_s: number;
  lon: number | null;
  lat: number | null;
  shown_radius_m: number | null;
  radius_said: boolean;
  confidence: number | null;
  method: string;
  method_words: Words;
  altitude_m: number | null;
  floor: string | null;
  whole: boolean;
  faults: string[];
}

/** An incident by its number or id, and why its callers are looked at. */
export interface CallerIn {
  incident: string;
  reason: string;
}

/** What is kept of one caller; what was not given, was erased or is not for the viewer lacks. */
export interface CallerView {
  call_id: string;
  caller_number?: string;
  caller_name?: string;
  words?: string;
  access?: string;
}

/** The callers of an incident. */
export interface Callers {
  calls: CallerView[];
}

/** An incident's calls on the line, what phones said, and what the same numbers called before. */
export interface CallsOfIncident {
  calls: TelephoneCallView[];
  fixes: CallerFixView[];
  known_number: boolean;
  earlier_total: number;
  earlier: EarlierCall[];
}

/** One road near a point; `along` and `against` say which way it may be driven from there. */
export interface CandidateRoad {
  segment_id: number;
  fraction: number;
  distance_m: number;
  lonlat: [number, number];
  along: boolean;
  against: boolean;
  name: string | null;
  name_zh: string | null;
  name_en: string | null;
  geometry: LineString | null;
}

/** What it could treat, at which level, by whose word; `valid_until` None: it can. */
export interface CapabilityPeriod {
  capability: string;
  level: number | null;
  source: string;
  valid_from: string;
  valid_until: string | null;
}

/** Who a case is, as its last report said. */
export interface CardPerson {
  name: string | null;
  guardian: string | null;
  phone: string | null;
  address: string | null;
}

/** Where a case lives. exact: as reported; else somewhere in `area_code`, drawn without it. */
export interface CardPlace {
  lon: number;
  lat: number;
  exact: boolean;
  area_code: string | null;
}

/** What a report said, and from when to when that was what was known; the present one first. */
export interface CardVersion {
  stated_at: string;
  known_from: string;
  known_until: string | null;
  recorded_at: string;
  file_name: string | null;
  imported_by: string | null;
  disease: Words;
  classification: Words;
  course: string | null;
  review_state: string;
  onset_on: string | null;
  diagnosed_on: string | null;
  entered_on: string | null;
  reviewed_on: string | null;
  died_on: string | null;
  outcome: string | null;
  age_years: number | null;
  sex: string | null;
  residence_area: string | null;
  reporting_area: string | null;
  exposure_area: string | null;
  reporting_unit: string | null;
  institution: string | null;
  occupation: string | null;
  deleted_at: string | null;
  problems: Words[];
}

/** One case. owner: whether the viewer reads cases where it is worked on. */
export interface CaseCard {
  case_id: string;
  source: string;
  source_key: string;
  same_as_id: string | null;
  sensitive: string;
  owner: boolean;
  person: CardPerson | null;
  place: CardPlace | null;
  versions: CardVersion[];
}

/** A file that was sent, of which source, read how, exported when. */
export interface CaseFileIn {
  upload_id: string;
  file_name: string;
  city_id: number;
  source: string;
  mapping?: string | null;
  as_of?: string | null;
}

/** One case, somewhere in the area that its properties name. */
export interface CasePoint {
  properties: Record<string, unknown>;
  geometry: Point;
  type: "Feature";
}

/** Cases as a GeoJSON FeatureCollection; placed nowhere: of no area of enough people. */
export interface CasePoints {
  features: CasePoint[];
  placed_nowhere: number;
  type: "FeatureCollection";
}

/** A casualty; without a tag it gets the next number. */
export interface CasualtyIn {
  tag?: string | null;
  sector?: Sector | null;
  sorted?: SortIn | null;
}

/** Where a casualty is on the way from the scene to a hospital. */
export type CasualtyState = "found" | "promised" | "left" | "arrived" | "released";

/** One casualty. nemsis: its eScene.08 code. */
export interface CasualtyView {
  casualty_id: string;
  tag: string;
  colour: Colour | null;
  nemsis: string | null;
  state: CasualtyState;
  sector: Sector | null;
  facility_id: number | null;
  facility_name: string | null;
  facility_name_zh: string | null;
  bed: string | null;
  overload_by: string | null;
  assignment_id: string | null;
  call_sign: string | null;
  found_at: string;
  changed_at: string;
  history: ColourView[];
  version: number;
}

/** Cells of a study as a GeoJSON FeatureCollection. */
export interface CellCollection {
  study_id: number;
  features: CellFeature[];
  type: "FeatureCollection";
}

/** n cells as columns; a second is null where `standing` is not `reached`. */
export interface CellColumns {
  cell: string[];
  people: number[];
  seconds: (number | null)[];
  open_seconds: (number | null)[];
  standing: string[];
  nearest: (number | null)[];
}

/** One cell as GeoJSON. */
export interface CellFeature {
  properties: CellProperties;
  geometry: Polygon;
  type: "Feature";
}

/** One cell before and after; times None: not reached, or not known (`change` `unknown`). */
export interface CellProperties {
  cell: string;
  people: number;
  district: string | null;
  before_s: number | null;
  after_s: number | null;
  before: number;
  after: number;
  change: string;
}

/** One cell; `people` null: hidden. Area `*` = whole city, empty = place not known. */
export interface CellView {
  area_code: string;
  group: string;
  people: number | null;
}

/** The time of every cell, without its geometry; cells are named as in `population_cells`. */
export interface CellsView {
  target: Targets;
  population: planning__access__views__PeopleCounted;
  roads: FromRoads;
  places: Place[];
  columns: CellColumns;
}

/** What a change does by district: people who fall out of a limit or come within it. */
export interface ChangeView {
  standard: string;
  district: PlaceName;
  loses: number;
  slower: number;
  gains: number;
  quicker: number;
}

/** Which circle is asked for. */
export interface CircleIn {
  city_id: number;
  limit_min?: number;
  there_and_back?: boolean;
  alert_s?: number;
  patient_storeys?: number;
  day?: string | null;
  time_of_day?: TimeOfDay;
  volunteers?: VolunteersIn[];
}

/** The loaded cities. */
export interface Cities {
  cities: CityInfo[];
  installation: Purpose;
}

/** The city a position lies in. */
export interface CityAround {
  city_id: number;
  name: string;
  name_zh: string | null;
  bbox: [number, number, number, number];
  time_zone: string;
  modelled: boolean;
  attribution: string;
}

/** A city to load from what is built in: the sample, or the generated metropolis. */
export interface CityIn {
  key: string;
  origin: "sample" | "model";
  name: "coquimbo" | "shenzhen";
  seed?: number;
  units?: boolean;
}

/** One loaded city; `bbox` is west, south, east, north in WGS-84 degrees. */
export interface CityInfo {
  city_id: number;
  key: string;
  name: string;
  name_zh: string | null;
  bbox: [number, number, number, number];
  centre: [number, number];
  time_zone: string;
  modelled: boolean;
  attribution: string;
  network_version: number;
  counts: Record<string, number>;
}

/** People and cells of one class; `people_open`: with all roads open. */
export interface ClassView {
  code: string;
  at_least_min: number | null;
  below_min: number | null;
  people_now: number;
  people_open: number;
  cells_now: number;
}

/** How it ended. */
export interface CloseIn {
  outcome: Outcome;
}

/** Roads closed along a line or within a surface. */
export interface ClosureIn {
  geometry: PolygonIn | MultiPolygonIn | LineStringIn | MultiLineStringIn;
  datum?: string | null;
}

/** A day as it was scanned; fields as of `gis.tables.clusters.ClusterRun`. */
export interface ClusterRunView {
  run_id: string;
  city_id: number;
  day: string;
  as_of: string;
  date_basis: string;
  area_level: string;
  window_days: number;
  longest_days: number;
  largest_share: number;
  replicates: number;
  seed: number;
  least_cases: number;
  recurrence_days: number;
  scanned: number;
  too_few: number;
  unplaced: number;
  residents: boolean;
  topology_id: string | null;
  made_at: string;
  made_by: string;
}

/** One cluster. `by_day`: cases of its areas on the days up to the run's. */
export interface ClusterView {
  cluster_id: string;
  numbers: boolean;
  disease: string | null;
  disease_words: Words;
  districts: Words[];
  place: Words;
  method: Words | null;
  shape: string | null;
  radius_m: number | null;
  radius_s: number | null;
  lon: number | null;
  lat: number | null;
  starts_on: string | null;
  ends_on: string | null;
  first_on: string;
  observed: number | null;
  expected: number | null;
  relative_risk: number | null;
  log_likelihood_ratio: number | null;
  p_value: number | null;
  gumbel_p: number | null;
  recurrence_days: number | null;
  told: boolean;
  change: string;
  reason: Words;
  changed: Words | null;
  members: MemberView[];
  joined: Words[];
  parted: Words[];
  by_day: number[];
  also: MethodOpinionView[];
}

/** The newest run of a city. `run` None: none was scanned. */
export interface ClustersView {
  city_id: number;
  run: ClusterRunView | null;
  basis: Words | null;
  day_before: string | null;
  clusters: ClusterView[];
  weaker: ClusterView[];
  gone: ClusterView[];
}

/** How urgently a patient of many is treated and taken away. */
export type Colour = "red" | "yellow" | "green" | "grey" | "black";

/** A colour that a casualty got, and by which finding (null: given as a colour). */
export interface ColourView {
  colour: Colour;
  method: string;
  decided_by: string | null;
  sorted_at: string;
  sorted_by: string;
}

/** Which column serves a field. `also` are columns that would have fitted as well. */
export interface ColumnUse {
  field: string;
  column: string;
  how: How;
  also: string[];
}

/** People of one district within the limit by two plans; gains from the first to the second. */
export interface ComparedRow {
  part: string;
  district: PlaceName;
  people: number;
  known: number;
  first: number;
  second: number;
  share_first: number | null;
  share_second: number | null;
  gains: number;
  loses: number;
  quicker: number;
  slower: number;
}

/** Two studies beside one another; sites by their keys. Shares are of the first's measure. */
export interface ComparisonView {
  first: StudyLine;
  second: StudyLine;
  measure: MeasureView;
  limit_s: number;
  same_inputs: boolean;
  differences: Words[];
  parameters: ParameterDifference[];
  sites_of_both: planning__studies__views__SiteView[];
  sites_of_first: planning__studies__views__SiteView[];
  sites_of_second: planning__studies__views__SiteView[];
  districts: ComparedRow[];
}

/** One chief complaint by its NEMSIS eDispatch.01 code. */
export interface ComplaintView {
  code: string;
  name: Words;
  questions: QuestionView[];
  patient_if: Record<string, string[]> | null;
}

/** Of a source, how many cases have each field; `filled` is field → number. */
export interface CompletenessView {
  source: string;
  cases: number;
  unreviewed: number;
  filled: Record<string, number>;
}

/** One standard in one district; None: not recorded, so not known. */
export interface ComplianceView {
  standard: string;
  district: PlaceName;
  numerator: number | null;
  denominator: number | null;
  value: number | null;
  met: boolean | null;
}

/** A closure, flood, roadworks or speed. It always ends: `expires_at` is required. */
export interface ConditionIn {
  city_id: number;
  sketch: SketchIn;
  expires_at: string;
  reason_zh?: string | null;
  reason_en?: string | null;
  starts_at?: string | null;
  vehicle_classes?: ("car" | "ambulance" | "motorcycle" | "bicycle" | "walk")[] | null;
  source?: string;
  legal_basis?: string | null;
  confirmed?: boolean;
  kind: "closure" | "flood" | "roadworks" | "speed";
  depth_m?: number | null;
  speed_kmh?: number | null;
  speed_factor?: number | null;
}

/** A condition with the streets it holds for, the longest part first. */
export interface ConditionShown {
  condition_id: string;
  city_id: number;
  kind: string;
  state: string;
  drawn: string;
  geometry: Point | LineString | MultiLineString | Polygon | MultiPolygon;
  edges: (Record<string, unknown>)[];
  roads: number;
  direction: string;
  layer_min: number | null;
  layer_max: number | null;
  structures: string[];
  depth_m: number | null;
  speed_kmh: number | null;
  speed_factor: number | null;
  vehicle_classes: string[];
  reason_zh: string | null;
  reason_en: string | null;
  author: string;
  authority_permission: string;
  authority_jurisdictions: string[];
  legal_basis: string | null;
  area_code: string | null;
  area_codes: string[];
  source: string;
  starts_at: string;
  expires_at: string;
  ended_at: string | null;
  ended_by: string | null;
  created_at: string;
  network_version: number;
  version: number;
  streets: Street[];
  street_count: number;
}

/** A new condition and what it cuts off. */
export interface ConditionStored {
  condition_id: string;
  city_id: number;
  kind: string;
  state: string;
  drawn: string;
  geometry: Point | LineString | MultiLineString | Polygon | MultiPolygon;
  edges: (Record<string, unknown>)[];
  roads: number;
  direction: string;
  layer_min: number | null;
  layer_max: number | null;
  structures: string[];
  depth_m: number | null;
  speed_kmh: number | null;
  speed_factor: number | null;
  vehicle_classes: string[];
  reason_zh: string | null;
  reason_en: string | null;
  author: string;
  authority_permission: string;
  authority_jurisdictions: string[];
  legal_basis: string | null;
  area_code: string | null;
  area_codes: string[];
  source: string;
  starts_at: string;
  expires_at: string;
  ended_at: string | null;
  ended_by: string | null;
  created_at: string;
  network_version: number;
  version: number;
  streets: Street[];
  street_count: number;
  cut_off: CutOffView[];
}

/** A page of conditions; `next_after` leads to the next, null at the end. */
export interface Conditions {
  conditions: ConditionShown[];
  next_after: string | null;
}

/** A text that is coordinates: the ways to read it within the city. */
export interface CoordinatesFound {
  options: CoordinatesView[];
}

/** One way to read typed coordinates, on one datum. */
export interface CoordinatesView {
  written_lon: number;
  written_lat: number;
  datum: Datum;
  datum_stated: boolean;
  lon: number;
  lat: number;
  form: Form;
  uncertainty_m: number;
  streets: string | null;
  distance_m: number | null;
}

/** The right value, who asked for it, and why; `strike` erases what stood there at once. */
export interface CorrectionIn {
  subject_kind: string;
  subject: string;
  field: string;
  value: string;
  asked_by: AskedBy;
  reason: string;
  strike?: boolean;
}

/** Corrections, newest first. */
export interface CorrectionList {
  corrections: CorrectionView[];
}

/** One correction: of what, who asked for it, why; never the value. */
export interface CorrectionView {
  correction_id: string;
  subject_kind: string;
  subject_id: string;
  field: string;
  what: Words;
  asked_by: string;
  reason: string;
  struck: boolean;
  corrected_by: string;
  corrected_at: string;
}

/** One value of what people are grouped by; each person is in exactly one. */
export interface CountedGroup {
  code: string;
  words: Words;
}

/** Expected coverage as it is, by which standard and roads; `unknown`: why it is not known. */
export interface CoverageNow {
  points: number | null;
  standard: string;
  basis: string | null;
  unknown: Unknown | null;
}

/** A city's rules of coverage and move-ups; version 0: the defaults. */
export interface CoverageRulesView {
  city_id: number;
  version: number;
  standard: string;
  standards: string[];
  assumed_busy: number | null;
  void_opens_people: number;
  void_closes_people: number;
  void_holds_s: number;
  moves_per_hour: number;
  least_gain_points: number;
  least_area_share: number;
  moves_per_shift: number;
  rest_s: number;
}

/** Coverage of a city at a moment, on its roads as they are or are supposed to be. */
export interface CoverageView {
  city_id: number;
  at: string;
  topology_id: string | null;
  conditions_id: string | null;
  calibration: Words;
  people: number;
  people_source: string | null;
  counted_on: string | null;
  modelled: boolean;
  stations: number;
  units: number;
  units_on_duty: number;
  closed: number[];
  supposed: SupposedView | null;
  grouped_by: string | null;
  standards: planning__coverage__views__StandardView[];
  shares: ShareView[];
  hours: planning__coverage__views__HourView[];
  expected: ExpectedView[];
  worked: WorkedView[];
  change: ChangeView[];
  compliance: ComplianceView[];
  worst: WorstView[];
  sentences: Words[];
}

/** Coverage of each cell now or up to an hour ahead, as parallel lists. */
export interface CoveredCellsView {
  city_id: number;
  at: string;
  ahead_s: number;
  unknown: string | null;
  points: number | null;
  units_free: number;
  units_back_unknown: number;
  lon: number[];
  lat: number[];
  covered: (number | null)[];
}

/** What sounds at every desk of the city, and the timers that run. */
export interface CrewAlarms {
  distress: DistressView[];
  welfare: WelfareView[];
}

/** Somebody on board, without the name. */
export interface CrewMemberView {
  qualification: string;
  seat: string;
}

/** A crew suggested. defibrillator: None where nobody wrote down what it carries. */
export interface CrewOption {
  unit_id: number;
  call_sign: string;
  level: string;
  travel_time_s: number;
  defibrillator: boolean | null;
}

/** A station or hospital that a closure cuts off, in words too. */
export interface CutOffView {
  place_kind: string;
  place_id: number;
  name: string;
  name_zh: string | null;
  can_leave: boolean;
  can_be_reached: boolean;
  text: Words;
}

/** What endangers whoever comes. A fixed list: words of one's own could name a person. */
export type Danger = "violence" | "weapon" | "self_harm" | "hazardous_material" | "electricity" | "water" | "fire" | "traffic" | "collapse" | "infection" | "animal" | "child_protection" | "other";

/** How *danger known?* stands. */
export type DangerAnswer = "unknown" | "none" | "known";

/** The answer to *danger known?*; kinds only with `known`. */
export interface DangerIn {
  answer: DangerAnswer;
  kinds?: Danger[];
}

/** What was imported into a city, and what is to be looked through; lists of at most 200. */
export interface DataView {
  sources: SourceSeen[];
  imports: ImportView[];
  completeness: CompletenessView[];
  delays: DelayView[];
  doubles: DoubleView[];
  findings: DateFindingView[];
}

/** Days of a case that cannot be. */
export interface DateFindingView {
  case_id: string;
  problem: string;
  words: Words;
  source: string;
  source_key: string;
  disease: Words;
  onset_on: string | null;
  diagnosed_on: string | null;
  entered_on: string | null;
  died_on: string | null;
  reporting_unit: string | null;
}

/** Days of a report that cannot be so. */
export type DateProblem = "onset_after_diagnosis" | "onset_after_entry" | "diagnosis_after_entry" | "entry_after_review" | "death_before_onset" | "before_birth";

/** What a longitude and latitude are measured on. */
export type Datum = "wgs84" | "gcj02" | "bd09" | "cgcs2000";

/** Until when something has to be done. escalates_at: when it is passed on otherwise. */
export interface DeadlineView {
  deadline_id: string;
  kind: string;
  state: string;
  begun_at: string;
  due_at: string;
  noted_at: string | null;
  escalated_at: string | null;
  call_sign: string | null;
  next_unit_id: number | null;
  next_unit: string | null;
}

/** Whether the asker may have it, and why. */
export interface DecisionIn {
  decision: "approved" | "refused";
  note?: string;
}

/** All that was said of one institution, the newest first. */
export interface DecisionList {
  decisions: DecisionView[];
}

/** One version of what was said of an institution. */
export interface DecisionView {
  version: number;
  name: string | null;
  same_as_key: string | null;
  decided_at: string;
  decided_by: string;
}

/** By which method casualties are sorted, and how many somebody thinks there are. */
export interface DeclareIn {
  method?: "start" | "salt";
  estimate?: number | null;
}

/** Of a reporting unit, how late it reports; hours from diagnosis to entry. */
export interface DelayView {
  reporting_unit: string | null;
  reports: number;
  unreviewed: number;
  doubles: number;
  late_2h: number;
  late_24h: number;
  median_h: number | null;
  p90_h: number | null;
}

/** Calls by hour of the week; `source` `recorded` or `own`: the incidents taken here. */
export interface DemandView {
  city_id: number;
  source: string;
  calls: number;
  first_at: string;
  last_at: string;
  week: HourOfWeekView[];
  words: Words;
}

/** Another desk that has the incident open. own: it is the viewer's, in another window. */
export interface DeskView {
  desk_id: string;
  name: string;
  own: boolean;
}

/** The other desks that have an incident open, by name. */
export interface Desks {
  desks: DeskView[];
}

/** The hospital to go to, and why if not the recommended one. */
export interface DestinationIn {
  facility_id: number;
  reason?: string | null;
}

/** One hospital of a ranking. */
export interface DestinationView {
  facility_id: number;
  name: string;
  name_zh: string | null;
  lon: number;
  lat: number;
  travel_time_s: number | null;
  capabilities: string[];
  missing_capabilities: string[];
  diverting: boolean | null;
  status_age_s: number | null;
  inbound: number;
  recommended: boolean;
  reasons: Reason[];
}

/** The city's hospitals ranked for one incident, and what the times are from. */
export interface Destinations {
  topology_id: string | null;
  conditions_id: string | null;
  metric_id: string | null;
  basis: string | null;
  destinations: DestinationView[];
}

/** Why another unit was sent than the one that would be there first. */
export type Deviation = "crew_skill" | "local_knowledge" | "keeps_cover" | "requested" | "other_unfit" | "other_reason";

/** Why not the unit that would be there first. */
export interface DeviationIn {
  deviation: Deviation;
}

/** Defibrillators that are counted, and what is not known of them. */
export interface DevicesView {
  known: number;
  gone: number;
  private: number;
  hours_unknown: number;
  floor_unknown: number;
  off_road: number;
}

/** The table and its version. */
export interface DiseaseList {
  version: string;
  diseases: surveillance__diseases__views__DiseaseView[];
}

/** A disease by area in one period. `period` None: nothing that the viewer may see. */
export interface DiseaseMapView {
  city_id: number;
  published: boolean;
  smallest_told: number | null;
  diseases: MapDisease[];
  disease: string | null;
  words: Words | null;
  step: Step;
  periods: MapPeriod[];
  period: MapPeriod | null;
  rows: MapRow[];
  people: PeopleUsed;
  basis: Words | null;
  as_of: string | null;
  notes: Words[];
}

/** The drives of one band of distance; null: without that end. */
export interface DistanceView {
  name: Words;
  drives: number;
  median_error_s: EstimateView;
  p90_error_s: EstimateView;
  median_absolute_error_s: EstimateView;
  p90_absolute_error_s: EstimateView;
  late_share: EstimateView;
  within_interval_share: EstimateView;
  drives_with_interval: number;
  from_m: number | null;
  to_m: number | null;
}

/** How a distress call stands; while it sounds, it sounds on every console of the city. */
export type Distress = "sounding" | "acknowledged" | "ended";

/** A crew in distress; presses: how often it pressed, which an acknowledgement names. */
export interface DistressView {
  distress_id: string;
  unit_id: number;
  call_sign: string;
  incident_id: string | null;
  state: Distress;
  raised_at: string;
  pressed_at: string;
  presses: number;
  lon: number | null;
  lat: number | null;
  device_at: string | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  ended_at: string | null;
}

/** One district; `code` None: outside all. `per_1000`: mean over its people, None if none. */
export interface DistrictReach {
  code: string | null;
  name: string | null;
  name_zh: string | null;
  name_en: string | null;
  people: number;
  per_1000: number | null;
  without: number;
}

/** People of one district, before and after, within the study's limit. */
export interface DistrictRow {
  part: string;
  district: PlaceName;
  people: number;
  known: number;
  before: number;
  after: number;
  share_before: number | null;
  share_after: number | null;
  gains: number;
  loses: number;
  quicker: number;
  slower: number;
  mean_before_s: number | null;
  mean_after_s: number | null;
}

/** What the crew says, and how: by its tablet, or by voice, entered at the console. */
export interface DiversionAnswerIn {
  answer: "accepted" | "declined";
  source: StampSource;
}

/** The unit to ask. */
export interface DiversionIn {
  unit_id: number;
  unreplaced?: boolean;
}

/** What taking a unit from its call would mean; the incident is the one it would leave. */
export interface DiversionView {
  incident_id: string;
  number: string;
  category: string;
  loss_s: number | null;
  replaced_by: string | null;
  replacement_unit_id: number | null;
  allowed: boolean;
}

/** `domain`: something happened; with its subject as it is now, where the reader may see it. */
export interface DomainFrame {
  position: number;
  type: string;
  subject_kind: string;
  subject_id: string;
  occurred_at: string;
  actor: string;
  payload: Record<string, unknown>;
  incident?: IncidentView;
  unit?: UnitView;
}

/** What was said of two reports. */
export interface DoubleDecided {
  decision: "same" | "different";
}

/** Whether two reports are one case. */
export interface DoubleDecisionIn {
  decision: "same" | "different";
}

/** One of two reports, without what tells who it is. */
export interface DoubleSide {
  source: string;
  source_key: string;
  disease: Words;
  classification: string;
  onset_on: string | null;
  diagnosed_on: string | null;
  entered_on: string | null;
  age_years: number | null;
  sex: string | null;
  residence_area: string | null;
  reporting_unit: string | null;
}

/** Two reports that may be one case: the stored one first, the incoming beside it. */
export interface DoubleView {
  first_id: string;
  second_id: string;
  score: number;
  agreeing: string[];
  first: DoubleSide;
  second: DoubleSide;
}

/** The incident this one repeats. */
export interface DuplicateIn {
  of: string;
}

/** Whether the volunteer may be alerted. */
export interface DutyIn {
  on_duty: boolean;
}

/** One earlier incident that the same number called for, within the viewer's jurisdiction. */
export interface EarlierCall {
  incident_id: string;
  number: string;
  received_at: string;
  state: string;
  category: string | null;
  complaint_code: string | null;
  outcome: string | null;
  place_label: string | null;
}

/** One road chosen by itself: a segment, or a whole OSM way; shares along it. */
export interface EdgeIn {
  segment_id?: number | null;
  osm_way_id?: number | null;
  from_share?: number;
  to_share?: number;
  direction?: "both" | "forward" | "backward";
}

/** How many logins were ended. */
export interface EndedLogins {
  ended: number;
}

/** What an entry of the log is. */
export type EntryKind = "remark" | "words" | "caller_number";

/** One chart; `title` also says it to those who cannot see it. */
export interface EpidemicChart {
  name: string;
  title: Words;
  spec: Record<string, unknown>;
}

/** A disease as figures and as charts; `view` None: nothing that the viewer may see. */
export interface EpidemicCharts {
  view: surveillance__signals__curves__DiseaseView | null;
  charts: EpidemicChart[];
}

/** Whom to forget: a subject by its kind and number or id; a caller's number; a name. */
export interface ErasureIn {
  by: "number" | "name" | string;
  value: string;
  reason: string;
}

/** Erasures, newest first. */
export interface ErasureList {
  erasures: ErasureView[];
}

/** One erasure on demand; the subject's id means nothing to who does not know it already. */
export interface ErasureView {
  erasure_id: string;
  subject_kind: string;
  subject_id: string;
  erased: number;
  reason: string;
  erased_by: string;
  erased_at: string;
}

/** Modelled less recorded seconds: signed median, and within which half and nine tenths lie. */
export interface ErrorsView {
  group: string | null;
  responses: number;
  median_s: number;
  median_abs_s: number;
  p90_abs_s: number;
  factor: number | null;
}

/** A value and its 95 % interval; null where too few drives say. */
export interface EstimateView {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** What the exchange tells of a call, which it names by `exchange_ref` for ever. */
export interface ExchangeReportIn {
  city_id: number;
  exchange: string;
  exchange_ref: string;
  said: Said;
  at?: string | null;
  number?: string | null;
  transferred_to?: string | null;
  recording_ref?: string | null;
  simulated?: boolean;
}

/** Drives that cannot be compared, and why. */
export interface ExcludedView {
  reason: string;
  drives: number;
  text: Words;
}

/** Expected coverage of the city: units busy for a given share of their time, each by itself. */
export interface ExpectedView {
  standard: string;
  busy: number;
  covered: number;
  share: number | null;
}

/** A format that a layer's features may be taken away in. */
export type Export = "geojson" | "gpkg" | "csv";

/** What is asked for, for what and whom, on which basis, how many days it may be fetched. */
export interface ExportIn {
  kind: string;
  format?: "csv" | "json";
  purpose: string;
  recipient: string;
  legal_basis: string;
  days?: number;
  about?: string | null;
}

/** An export that the viewer may ask for; `about` says what to name. */
export interface ExportKindView {
  name: string;
  words: Words;
  fields: string[];
  persons: boolean;
  about: Words | null;
}

/** Every export that the viewer may ask for. */
export interface ExportKinds {
  kinds: ExportKindView[];
  limit_rows: number;
}

/** Exports, newest first. */
export interface ExportList {
  exports: ExportView[];
}

/** One export on record; `sha256` in hex, `fetches` how often the file was fetched. */
export interface ExportView {
  export_id: string;
  kind: string;
  format: string;
  persons: boolean;
  fields: string[];
  areas: string[];
  purpose: string;
  recipient: string;
  legal_basis: string;
  rows: number;
  size_bytes: number;
  sha256: string;
  requested_by: string;
  requested_at: string;
  expires_at: string;
  state: "ready" | "waiting" | "refused" | "expired";
  decision: string | null;
  decided_by: string | null;
  decided_at: string | null;
  decision_note: string | null;
  fetches: number;
}

/** A new end, later or earlier. */
export interface ExtendIn {
  expires_at: string;
}

/** A GeoJSON FeatureCollection; `kinds` says the kinds of its features in words. */
export interface Facilities {
  features: FacilityFeature[];
  kinds: Record<string, Words>;
  type: "FeatureCollection";
}

/** A facility as a GeoJSON feature. */
export interface FacilityFeature {
  id: number;
  geometry: Point;
  properties: FacilityInfo;
  type: "Feature";
}

/** One facility: every record of it, its kinds and its capabilities, the newest first. */
export interface FacilityHistory {
  facility_id: number;
  name: string;
  name_zh: string | null;
  merged_into_id: number | null;
  known_before_as: number[];
  records: FacilityRecordView[];
  kinds: KindPeriod[];
  capabilities: CapabilityPeriod[];
}

/** One facility. None is not known. `capability_levels`: of those capabilities that have one. */
export interface FacilityInfo {
  facility_id: number;
  kind: string;
  name: string;
  name_zh: string | null;
  name_en: string | null;
  has_emergency_department: boolean | null;
  bed_count: number | null;
  phone: string | null;
  modelled: boolean;
  capabilities: string[];
  capability_levels: Record<string, number>;
}

/** What one register says of a facility, as it said it last; `ended_at`: holds it no longer. */
export interface FacilityRecordView {
  source: string;
  source_ref: string;
  kind: string;
  name: string;
  name_zh: string | null;
  name_en: string | null;
  has_emergency_department: boolean | null;
  bed_count: number | null;
  phone: string | null;
  capabilities: Record<string, number | null>;
  tags: Record<string, unknown>;
  modelled: boolean;
  lon: number;
  lat: number;
  same_source: string | null;
  same_ref: string | null;
  first_seen_at: string;
  changed_at: string;
  last_seen_at: string;
  ended_at: string | null;
}

/** A unit that would be at the scene sooner than the one that is sent. */
export interface Faster {
  unit_id: number;
  call_sign: string;
  travel_time_s: number;
  gain_s: number;
}

/** The AED to bring. */
export interface FetchView {
  aed_id: number;
  name: string | null;
  name_zh: string | null;
  location: string | null;
  location_zh: string | null;
  floor: string | null;
  entrance: string | null;
  lon: number;
  lat: number;
}

/** One attribute of a layer's features; `unit` is a UCUM code of `gis.units`. */
export interface Field {
  name: string;
  type: "string" | "integer" | "number" | "boolean";
  words: Words;
  unit: string | null;
  counts_people: boolean;
}

/** One field of a request that is not of the documented shape. */
export interface FieldProblem {
  where: string;
  code: string;
  detail: string;
}

/** What importing a file would do, before it is done. */
export interface FileUnderstood {
  kind: string;
  mapping: Record<string, unknown>;
  mapping_yaml: string;
  rows_read: number;
  rows_accepted: number;
  rows_rejected: number;
  rows_repeated: number;
  fields_lost: number;
  columns: ColumnUse[];
  columns_unused: string[];
  columns_all: string[];
  fields: string[];
  told: string[];
  rejects: RejectView[];
}

/** The number of a caller, with the country's code or without it. */
export interface FindCallerIn {
  city_id: number;
  caller_number: string;
  limit?: number;
  cursor?: string | null;
}

/** What an incident is looked for by; all that is given must fit. */
export interface FindIn {
  city_id: number;
  number?: string | null;
  place?: string | null;
  since?: string | null;
  before?: string | null;
  limit?: number;
  cursor?: string | null;
}

/** What was said of impossible days. */
export interface FindingDecided {
  decision: "right" | "reported_back";
}

/** Whether the days are right after all, or were reported back. */
export interface FindingDecisionIn {
  decision: "right" | "reported_back";
}

/** One finding: fine, worth knowing, or broken until it is mended; the words say how. */
export interface FindingView {
  state: "fine" | "notice" | "broken";
  subject: Words;
  words: Words;
  code: string | null;
}

/** Everything the doctor found, in the order it looked. */
export interface Findings {
  findings: FindingView[];
}

/** People whom a defibrillator or a volunteer reaches on foot within a limit, by hour. */
export interface FirstAidView {
  city_id: number;
  at: string;
  day: string;
  limit_s: number;
  there_and_back: boolean;
  alert_s: number;
  patient_storeys: number;
  storey_s: number;
  topology_id: string | null;
  conditions_id: string | null;
  people: number;
  unknown: number;
  people_source: string | null;
  counted_on: string | null;
  devices: DevicesView;
  volunteers: number;
  volunteers_off_road: number;
  hours: planning__first_aid__views__HourView[];
  districts: planning__first_aid__views__DistrictView[];
  sentences: Words[];
}

/** What became of a location message: matched to a call, waiting for one, or without a place. */
export interface FixTaken {
  fix_id: string;
  outcome: string;
  faults: string[];
}

/** A position taken with something to be known: doubtful, new_anchor, clock_ahead, late, …. */
export interface FlaggedPosition {
  index: number;
  flags: string[];
}

/** Water on the roads of a surface. */
export interface FloodIn {
  geometry: PolygonIn | MultiPolygonIn;
  datum?: string | null;
  depth_m?: number;
}

/** Calls expected in a day or hour that begins `at`, and the interval. */
export interface ForecastStepView {
  at: string;
  calls: number;
  low: number;
  high: number;
}

/** Calls of the days after the last whole one that was counted. */
export interface ForecastView {
  city_id: number;
  area_code: string | null;
  source: string;
  by: string;
  counted_days: number;
  model: string;
  beats_naive: boolean;
  level: number;
  scores: ScoreView[];
  steps: ForecastStepView[];
  sentences: Words[];
}

/** What another centre's system called the case; not `mapped`: this protocol knows it not. */
export interface ForeignCode {
  system: string;
  determinant: string;
  mapped: boolean;
}

/** How coordinates were written. */
export type Form = "degrees" | "minutes" | "seconds" | "utm" | "mgrs" | "plus_code" | "link";

/** What became of a form: matched, waiting, unmatched, no_place, invalid, not_authentic. */
export interface FormTaken {
  outcome: string;
  faults: string[];
}

/** A file of a report, by the ending of its name or, for the map, by what makes it. */
export type Format = "pdf" | "html" | "docx" | "xlsx" | "folium" | "charts";

/** What an answer is from; ids None where the city's roads are not loaded. */
export interface FromRoads {
  topology_id: string | null;
  conditions_id: string | null;
  as_of: string;
  closed_legs: number;
}

/** One plan of a Pareto front: people within reach against the worst-off district's share. */
export interface FrontView {
  value: number;
  bound: number;
  worst_share: number;
  worst_district: PlaceName;
  sites: planning__studies__views__SiteView[];
  tail_s: number | null;
}

/** `gone`: an incident is no longer the reader's to see. */
export interface GoneFrame {
  incident_id: string;
}

/** A role within a jurisdiction: an area's code, or `EVERYWHERE`. */
export interface Grant {
  role: string;
  jurisdiction: string;
  facility_id: number | null;
  codes: string[];
  permissions: string[];
}

/** A role within the area of a code (empty: everywhere), perhaps for one facility. */
export interface GrantIn {
  role: string;
  jurisdiction?: string;
  facility_id?: number | null;
}

/** The drives of one kind: errors in seconds, above 0 = late; shares 0 to 1. */
export interface GroupView {
  name: Words;
  drives: number;
  median_error_s: EstimateView;
  p90_error_s: EstimateView;
  median_absolute_error_s: EstimateView;
  p90_absolute_error_s: EstimateView;
  late_share: EstimateView;
  within_interval_share: EstimateView;
  drives_with_interval: number;
}

/** A hazard of a place; `expires_at` at most a year ahead. */
export interface HazardIn {
  city_id: number;
  kind: Danger;
  point: PointIn;
  radius_m?: number;
  expires_at: string;
}

/** The hazards of a city that hold now, those that end first first. */
export interface HazardList {
  hazards: HazardView[];
}

/** A hazard of a place: whoever comes within `radius_m` of it is warned until it expires. */
export interface HazardView {
  hazard_id: string;
  kind: Danger;
  lon: number;
  lat: number;
  radius_m: number;
  created_at: string;
  created_by: string;
  expires_at: string;
  ended_at: string | null;
}

/** The server can work; `stream_position` is the newest event that reached the stream. */
export interface Health {
  status: "ok";
  stream_position: number;
}

/** Which order a crew heard, and how it said so. */
export interface HeardIn {
  order: Order;
  since: string;
  heard: PlaceHeard;
}

/** A role of an account within a jurisdiction ('' = everywhere), perhaps for one facility. */
export interface HeldRole {
  role: string;
  jurisdiction: string;
  facility_id: number | null;
}

/** What must not be erased (by number or id), until when (none: until it is lifted), and why. */
export interface HoldIn {
  subject_kind: string;
  subject: string;
  reason: string;
  ends_at?: string | null;
}

/** Holds, newest first. */
export interface HoldList {
  holds: HoldView[];
}

/** A legal hold. In force until it is lifted or `ends_at` has passed. */
export interface HoldView {
  hold_id: string;
  subject_kind: string;
  subject_id: string;
  reason: string;
  placed_by: string;
  placed_at: string;
  ends_at: string | null;
  lifted_by: string | null;
  lifted_at: string | null;
  lift_reason: string | null;
}

/** Live status of one hospital; all None where it never reported. */
export interface HospitalStatusView {
  facility_id: number;
  name: string;
  name_zh: string | null;
  diverting: boolean | null;
  divert_reason: string | null;
  emergency_beds_free: number | null;
  reported_at: string | null;
  version: number;
}

/** Calls an hour in one hour of the week (0 is Monday 0:00, local), with their interval. */
export interface HourOfWeekView {
  hour_of_week: number;
  calls_an_hour: number;
  low: number;
  high: number;
  hours: number;
}

/** How a field came to its column. */
export type How = "given" | "guessed" | "constant";

/** One file that was taken in. */
export interface ImportView {
  import_id: string;
  source_id: number;
  source: string;
  kind: string;
  file_name: string;
  as_of: string;
  rows_read: number;
  rows_new: number;
  rows_revised: number;
  rows_deleted: number;
  rows_unchanged: number;
  rows_repeated: number;
  rows_rejected: number;
  fields_lost: number;
  told: string[];
  imported_at: string;
  imported_by: string;
}

/** One incident with assignments, patients and calls. */
export interface IncidentDetail {
  incident_id: string;
  city_id: number;
  number: string;
  state: string;
  version: number;
  simulated: boolean;
  received_at: string;
  located_at: string | null;
  place_changed_at: string | null;
  coded_at: string | null;
  queued_at: string | null;
  closed_at: string | null;
  cancelled_at: string | null;
  outcome: string | null;
  duplicate_of: string | null;
  handled_by: string | null;
  area_code: string | null;
  lon: number | null;
  lat: number | null;
  uncertainty_m: number | null;
  declared_datum: string | null;
  place_confirmed: boolean;
  place_source: string | null;
  place_label: string | null;
  complaint_code: string | null;
  complaint: Words | null;
  triage_answers: Record<string, string> | null;
  determinant: string | null;
  category: string | null;
  response_plan: ResponsePlan | null;
  patient_count: number | null;
  missing: NeededUnits[];
  missing_since: string | null;
  call_back_due_at: string | null;
  queue: QueueStep[];
  alarms: AlarmView[];
  assignments: AssignmentView[];
  diversions: OfferView[];
  patients: PatientView[];
  calls: CallView[];
}

/** The entries of an incident's log, oldest first. */
export interface IncidentLog {
  entries: LogEntry[];
}

/** One page of incidents, newest first; `next_cursor` None at the end. */
export interface IncidentPage {
  incidents: IncidentView[];
  next_cursor: string | null;
}

/** Progress of an incident, derived from its facts and assignments, never set by hand. */
export type IncidentState = "received" | "coded" | "queued" | "assigned" | "en_route" | "on_scene" | "transporting" | "closing" | "closed" | "cancelled";

/** What a state of an incident means: it has ended; nobody has been sent yet. */
export interface IncidentStateView {
  state: IncidentState;
  ended: boolean;
  waiting: boolean;
}

/** One incident with its assignments. */
export interface IncidentView {
  incident_id: string;
  city_id: number;
  number: string;
  state: string;
  version: number;
  simulated: boolean;
  received_at: string;
  located_at: string | null;
  place_changed_at: string | null;
  coded_at: string | null;
  queued_at: string | null;
  closed_at: string | null;
  cancelled_at: string | null;
  outcome: string | null;
  duplicate_of: string | null;
  handled_by: string | null;
  area_code: string | null;
  lon: number | null;
  lat: number | null;
  uncertainty_m: number | null;
  declared_datum: string | null;
  place_confirmed: boolean;
  place_source: string | null;
  place_label: string | null;
  complaint_code: string | null;
  complaint: Words | null;
  triage_answers: Record<string, string> | null;
  determinant: string | null;
  category: string | null;
  response_plan: ResponsePlan | null;
  patient_count: number | null;
  missing: NeededUnits[];
  missing_since: string | null;
  call_back_due_at: string | null;
  queue: QueueStep[];
  alarms: AlarmView[];
  assignments: AssignmentView[];
  diversions: OfferView[];
}

/** One part of what a study read, by its hash; `version` as its source names it. */
export interface InputPart {
  code: string;
  words: Words;
  version: string;
  digest: string;
  stamp: string | null;
}

/** All that a study read; `digest` is of every part and the parameters. */
export interface InputsView {
  digest: string;
  seed: number;
  parts: InputPart[];
}

/** What this installation is for: `live` or `simulation`. */
export interface InstallationView {
  purpose: string;
  installation_id: string;
}

/** What an institution is called, and which other one it is; null each: as reports write it. */
export interface InstitutionDecisionIn {
  city_id: number;
  institution_key: string;
  name?: string | null;
  same_as_key?: string | null;
}

/** The institutions of a city with the most cases in a year. */
export interface InstitutionList {
  institutions: InstitutionView[];
}

/** One institution as reports write it, and what it counts as. */
export interface InstitutionView {
  institution_key: string;
  name: string;
  version: number;
  same_as_key: string | null;
  same_as_name: string | null;
  like_key: string | null;
  like_name: string | null;
  written: string[];
  cases: number;
  diseases: string[];
  newest_on: string;
  decided_at: string | null;
  decided_by: string | null;
}

/** An interval in one group. */
export interface IntervalView {
  group: string;
  group_words: Words;
  interval: string;
  interval_words: Words;
  used: number;
  future: number;
  out_of_order: number;
  out_of_bounds: number;
  missing: number;
  mean_s: number | null;
  median_s: number | null;
  p90_s: number | null;
}

/** A place and how many seconds from it, or to it. */
export interface IsochroneIn {
  city_id: number;
  profile?: Profile;
  min_conditions_id?: string | null;
  place: PointIn;
  limits_s: number[];
  direction?: "from" | "to";
}

/** Where a job stands. */
export type JobState = "waiting" | "running" | "done" | "failed" | "cancelled";

/** One job as people and programs see it; times and steps as in `JobRecord`. */
export interface JobView {
  job_id: number;
  name: string;
  label: Words;
  queue: string;
  state: string;
  city_id: number | null;
  requested_by: string;
  created_at: string;
  due_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  attempts: number;
  attempts_allowed: number;
  done: number;
  total: number | null;
  message: Words | null;
  error_code: string | null;
  error: string | null;
  result: Record<string, unknown> | null;
  cancel_requested: boolean;
  may_control: boolean;
}

/** `jobs`: jobs that moved since the last one, as they are now. */
export interface JobsFrame {
  jobs: JobView[];
}

/** Jobs, newest first; `next_before` is the cursor of the following page, None at the end. */
export interface JobsPage {
  jobs: JobView[];
  next_before: number | null;
}

/** What came of one standard in one group; `met` is null where fewer than ten records say. */
export interface JudgedView {
  group: string;
  group_words: Words;
  interval: string;
  interval_words: Words;
  categories: string[];
  statistic: string;
  at_most_s: number;
  share: number | null;
  used: number;
  within: number;
  value: number | null;
  met: boolean | null;
}

/** One standard, the share reached (None without a call) and whether that is enough. */
export interface Kept {
  standard: AnswerStandard;
  share: number | null;
  kept: boolean | null;
}

/** Of whom to read what can be corrected: a subject by its kind and number or id; a number. */
export interface KeptIn {
  by: "number" | string;
  value: string;
  reason: string;
}

/** What is kept of whoever was asked for. */
export interface KeptList {
  kept: KeptView[];
}

/** One personal value that is kept now and can be corrected. */
export interface KeptView {
  subject_kind: string;
  subject_id: string;
  subject: Words;
  field: string;
  what: Words;
  value: string;
}

/** What kind of facility it was; `valid_until` None: it is. */
export interface KindPeriod {
  kind: string;
  valid_from: string;
  valid_until: string | null;
}

/** One kind of opportunity, shared among all who reach it. */
export interface KindReach {
  kind: string;
  words: Words;
  supply: number;
  of_unknown: number;
  unused: number;
  per_1000: number | null;
  gini: number | null;
  theil: number | null;
  palma: number | null;
  districts: DistrictReach[];
}

/** One kind of study; `schema` is the JSON Schema of its parameters, with words for a form. */
export interface KindView {
  code: string;
  words: Words;
  says: Words;
  schema: Record<string, unknown>;
}

/** All kinds of studies. */
export interface KindsView {
  kinds: KindView[];
}

/** Intervals and standards of a city over a period. */
export interface KpiView {
  city_id: number;
  profile: ProfileView;
  records: string;
  by: string;
  area: string | null;
  begin: string;
  until: string;
  responses: number;
  calls: number;
  out_of_order: number;
  simulated: boolean;
  standards: JudgedView[];
  intervals: IntervalView[];
  remarks: Words[];
}

/** Style layers of one map layer, from below to above; their source has its name. */
export interface LayerStyle {
  layers: (Record<string, unknown>)[];
}

/** What a layer may be asked for by `time`: `choices`, or any `moment` with its zone. */
export interface LayerTimes {
  kind: string;
  values: TimeChoice[];
  default: string | null;
}

/** One layer of the catalogue, in one city. */
export interface LayerView {
  name: string;
  title: Words;
  says: Words;
  group: Named;
  shown: Shown;
  geometry: string;
  minzoom: number;
  maxzoom: number;
  fields: Field[];
  legend: LegendEntry[];
  opacity: number;
  unit: Named | null;
  as_of: string | null;
  live: boolean;
  provenance: Named;
  population_base: maps__catalogue__service__PeopleCounted | null;
  time: LayerTimes | null;
  licence: Named;
  attribution: string;
  privacy: string;
  tiles: string | null;
  data: string | null;
  exports: string[];
  count: number | null;
  empty: Words | null;
}

/** The catalogue of layers. */
export interface Layers {
  layers: LayerView[];
}

/** By which unit; without one by other means. */
export interface LeaveIn {
  assignment_id?: string | null;
}

/** One line of a legend: a colour never stands alone, so it has a shape or a letter too. */
export interface LegendEntry {
  words: Words;
  colour: string;
  shape: string;
  on_dark: string;
  value: string | boolean | number | null;
  at_least: number | null;
  below: number | null;
}

/** All states in the order of their progress, how an incident may end, and what sounds. */
export interface LifecycleView {
  incident_states: IncidentStateView[];
  assignment_states: AssignmentStateView[];
  outcomes: Outcome[];
  alarms: AlarmKind[];
}

/** Two or more positions. */
export interface LineString {
  type: "LineString";
  coordinates: ([number, number])[];
}

/** A GeoJSON LineString. */
export interface LineStringIn {
  type: "LineString";
  coordinates: number[][];
}

/** Links of pseudonyms that nobody reviewed yet, the oldest first. */
export interface LinkList {
  links: LinkView[];
}

/** A link for the caller. It is shown this once: only a digest of it is kept. */
export interface LinkMade {
  path: string;
  expires_at: string;
}

/** The link is reviewed. */
export interface LinkReviewed {
  link_id: string;
}

/** The phone's position arrived. */
export interface LinkUsed {
  received_at: string;
  shown_radius_m: number;
}

/** A link as its reviewer sees it: which keys, why, by whom; no digest. */
export interface LinkView {
  link_id: string;
  first_key_id: string;
  second_key_id: string;
  reason: string;
  made_by: string;
  made_at: string;
  reviewed_by: string | null;
  reviewed_at: string | null;
}

/** An incident linked to this one. merged: the two are one; original: this one repeats it. */
export interface LinkedIncident {
  incident_id: string;
  number: string;
  state: string;
  merged: boolean;
  original: boolean;
}

/** Coverage of a city now. */
export interface LiveCoverageView {
  city_id: number;
  computed_at: string;
  standard: string;
  standard_words: Words;
  unknown: string | null;
  points: number | null;
  reached_share: number | null;
  busy: number | null;
  busy_unit_hours: number | null;
  units_free: number;
  units_without_position: number;
  units_with_old_position: number;
  people: number | null;
  unknown_people: number | null;
  people_source: string | null;
  counted_on: string | null;
  modelled: boolean;
  basis: string;
  voids: dispatch__coverage__views__VoidView[];
}

/** One entry. text: null once erased; corrects: the remark this one puts right. */
export interface LogEntry {
  kind: EntryKind;
  entry_id: string;
  written_at: string;
  author: string;
  text: string | null;
  corrects: string | null;
  current: boolean;
}

/** The session has ended. */
export interface LoggedOut {
  logged_out: true;
}

/** User name and password. */
export interface LoginIn {
  username: string;
  password: string;
}

/** Open logins, newest first. */
export interface LoginList {
  sessions: LoginView[];
}

/** One open login of a browser. `seen_at` is at most some minutes late. */
export interface LoginView {
  session_id: string;
  user_id: string;
  username: string;
  created_at: string;
  seen_at: string | null;
  expires_at: string;
}

/** `logout`: the session has ended. Empty. */
export interface LogoutFrame {
}

/** Why somebody looks. */
export interface LookIn {
  reason: string;
}

/** One file of a report, without its content. */
export interface MadeFile {
  format: string;
  size_bytes: number;
}

/** One report that was made. */
export interface MadeReport {
  report_id: number;
  name: string;
  period: string | null;
  city_id: number;
  language: string;
  provenance: string;
  as_of: string;
  expires_at: string;
  requested_by: string;
  files: MadeFile[];
}

/** What the driver does at the start of a step. */
export type Manoeuvre = "depart" | "straight" | "slight_left" | "left" | "sharp_left" | "slight_right" | "right" | "sharp_right" | "u_turn" | "roundabout" | "leave_roundabout" | "ramp" | "leave_main_road" | "keep_left" | "keep_right" | "merge" | "ferry" | "leave_ferry" | "arrive";

/** A disease that may be chosen. */
export interface MapDisease {
  disease: string;
  words: Words;
}

/** A whole period: `until` is the day after its last. cases: of the told areas together. */
export interface MapPeriod {
  first: string;
  until: string;
  cases: number;
}

/** An area in one period; what is null is not known, and `standing` says why. */
export interface MapRow {
  area_code: string;
  place: Words;
  standing: Standing;
  cases: number | null;
  residents: number | null;
  rate: number | null;
  smoothed_rate: number | null;
  relative_risk: number | null;
  exceedance: number | null;
}

/** A mass casualty incident at a glance. */
export interface MassCasualtyView {
  incident_id: string;
  number: string;
  method: string;
  estimate: number | null;
  declared_at: string;
  declared_by: string;
  ended_at: string | null;
  counts: Record<string, number>;
  casualties: CasualtyView[];
  order: string[];
  hospitals: McHospitalView[];
  crews: McCrewView[];
  aid: AidView[];
  version: number;
}

/** The first line of a matrix; the others are the seconds of one origin each. */
export interface MatrixHead {
  topology_id: string | null;
  conditions_id: string | null;
  metric_id: string | null;
  origins: number;
  destinations: number;
  origin_snap_distance_m: number[];
  destination_snap_distance_m: number[];
}

/** Places to start from and places to reach. */
export interface MatrixIn {
  city_id: number;
  profile?: Profile;
  min_conditions_id?: string | null;
  origins: PointsIn;
  destinations: PointsIn;
}

/** A unit of the incident; `staging` is its state while it waits outside. */
export interface McCrewView {
  assignment_id: string;
  unit_id: number;
  call_sign: string;
  level: string;
  state: string;
}

/** A hospital for this incident; distance in a straight line, null without a place. */
export interface McHospitalView {
  facility_id: number;
  name: string | null;
  name_zh: string | null;
  diverting: boolean | null;
  distance_m: number | null;
  rooms: RoomView[];
}

/** What value and bound count: in `unit`, `most` or `least` is best; `limit_s` of the study. */
export interface MeasureView {
  code: string;
  words: Words;
  unit: string;
  sense: string;
  limit_s: number;
}

/** One area of a cluster; `change`: joined since the run before, else None. */
export interface MemberView {
  area_code: string;
  place: Words;
  district: Words | null;
  observed: number;
  expected: number;
  change: "joined" | null;
}

/** The incident that goes on, and that somebody has said it is the same patient or event. */
export interface MergeIn {
  into: string;
  same_patient: true;
}

/** What another method says of a cluster in some of the same areas. */
export interface MethodOpinionView {
  words: Words;
  places: number;
  observed: number;
  expected: number;
  relative_risk: number | null;
  p_value: number;
  recurrence_days: number;
}

/** Cells as a GeoJSON FeatureCollection, with what they are from. */
export interface MinutesCollection {
  features: MinutesFeature[];
  topology_id: string | null;
  conditions_id: string | null;
  type: "FeatureCollection";
}

/** One cell; its properties are the fields of the layer. */
export interface MinutesFeature {
  properties: Record<string, unknown>;
  geometry: Polygon;
  type: "Feature";
}

/** Minutes by road to the nearest target, summed up; `says` is it in sentences. */
export interface MinutesView {
  target: Targets;
  population: planning__access__views__PeopleCounted;
  roads: FromRoads;
  beyond: BeyondView;
  classes: ClassView[];
  districts: planning__access__views__DistrictView[];
  says: Words[];
  weighed: WeighedView | null;
}

/** So many units of a level and with capabilities are missing. */
export interface MissingNeed {
  level: string;
  count: number;
  capabilities: string[];
}

/** Whose reports are missing: how many periods, and up to when there is something. */
export interface MissingView {
  frame_id: number;
  source: string;
  place: Words;
  rhythm: string;
  periods: number;
  reported_until: string | null;
}

/** Cases of a calendar month, and of the same month a year before. */
export interface MonthView {
  first_day: string;
  cases: number | null;
  whole: boolean;
  year_before: number | null;
}

/** A suggested move, and what is decided about it. */
export interface MoveUpIn {
  city_id: number;
  unit_id: number;
  station_id: number;
  declined_because?: "crew" | "break" | "workload" | "other" | null;
}

/** The decisions of the last day, the newest first. */
export interface MoveUpList {
  moves: MoveUpView[];
}

/** The moves worth making now. */
export interface MoveUpPlanView {
  city_id: number;
  computed_at: string;
  unknown: string | null;
  points_before: number | null;
  points_after: number | null;
  moves_left: number;
  protected: number;
  moves: SuggestedMoveView[];
}

/** One decision and what came of it. */
export interface MoveUpView {
  move_id: string;
  unit_id: number;
  call_sign: string;
  station_id: number;
  station_name: string;
  state: string;
  points_before: number;
  points_after: number;
  gain_points: number;
  travel_time_s: number | null;
  decided_at: string;
  decided_by: string;
  declined_because: string | null;
  arrived_at: string | null;
  points_reached: number | null;
  ended_at: string | null;
  ended_because: string | null;
  incident_number: string | null;
}

/** Several lines. */
export interface MultiLineString {
  type: "MultiLineString";
  coordinates: (([number, number])[])[];
}

/** A GeoJSON MultiLineString. */
export interface MultiLineStringIn {
  type: "MultiLineString";
  coordinates: number[][][];
}

/** Several polygons. */
export interface MultiPolygon {
  type: "MultiPolygon";
  coordinates: ((([number, number])[])[])[];
}

/** A GeoJSON MultiPolygon. */
export interface MultiPolygonIn {
  type: "MultiPolygon";
  coordinates: number[][][][];
}

/** A code and its words. */
export interface Named {
  code: string;
  words: Words;
}

/** One defibrillator as a phone keeps it: with its hours as periods, for when it is offline. */
export interface NearAed {
  aed_id: number;
  name: string | null;
  name_zh: string | null;
  location: string | null;
  location_zh: string | null;
  access: string;
  periods: OpeningPeriod[];
  indoor: boolean | null;
  floor: string | null;
  phone: string | null;
  last_checked_at: string | null;
  modelled: boolean;
  lon: number;
  lat: number;
  reported: ReportedProblem | null;
  entrance: string | null;
  photo: AedPhoto | null;
  gcj02: [number, number] | null;
  bd09: [number, number] | null;
}

/** Where somebody stands. In the body, so that it enters no address and no log. */
export interface NearestAedsIn {
  city_id: number;
  point: PointIn;
  limit?: number;
  at?: string | null;
}

/** One place, many candidates, and how many of them to name. */
export interface NearestIn {
  city_id: number;
  profile?: Profile;
  min_conditions_id?: string | null;
  place: PointIn;
  candidates: PointsIn;
  k?: number;
  direction?: "to" | "from";
  routes?: boolean;
  depart_at?: string | null;
}

/** One of the candidates, by its row; `route` only if asked for. */
export interface NearestRow {
  row: number;
  travel_time_s: number;
  snap_distance_m: number;
  route: RouteView | null;
}

/** The nearest candidates, soonest first; times of departure null where all leave now. */
export interface NearestView {
  topology_id: string | null;
  conditions_id: string | null;
  metric_id: string | null;
  nearest: NearestRow[];
  place_snap_distance_m: number;
  time_dependent: boolean;
  departs_at: string | null;
  changes_at: string[];
}

/** Why an incident needs a dispatcher now. */
export type Need = "waiting" | "short" | "unacknowledged" | "place_unacknowledged" | "stalled" | "lost" | "call_back";

/** A need, since when, and when it is overdue. */
export interface NeedStep {
  need: Need;
  since: string;
  due_at: string;
}

/** So many units of at least this level. */
export interface NeededUnits {
  level: string;
  count: number;
}

/** A road that is not there: it meets others at its ends, and where a corner lies on one. */
export interface NewRoadIn {
  geometry: LineStringIn;
  datum?: string | null;
  speed_kmh?: number;
  one_way?: boolean;
}

/** A token just made; `token` is shown this once. */
export interface NewToken {
  token: string;
  made: TokenView;
}

/** A crew that is, or was, asked to leave `losing_number` for `number`. */
export interface OfferView {
  diversion_id: string;
  incident_id: string;
  number: string;
  category: string | null;
  losing_incident_id: string;
  losing_number: string;
  losing_category: string | null;
  unit_id: number;
  call_sign: string;
  state: string;
  loss_s: number | null;
  replacement: string | null;
  offered_at: string;
  expires_at: string;
  ended_at: string | null;
}

/** A day of onset: cases known, and what they will be (None: complete, or no nowcast). */
export interface OnsetView {
  day: string;
  cases: number | null;
  median: number | null;
  low: number | null;
  high: number | null;
}

/** Calls that ring, go on, or wait for a call-back. */
export interface OpenCalls {
  calls: TelephoneCallView[];
}

/** A question without an answer that decides what the caller is told. */
export interface OpenQuestion {
  en: string;
  zh: string;
  question: string;
}

/** Whether a device can be had from a moment on, until the next period; None: not known. */
export interface OpeningPeriod {
  from_at: string;
  open: boolean | null;
}

/** What one detector says of a series on the day; `why_not`: why it does not judge. */
export interface OpinionView {
  detector: string;
  words: Words;
  alarm: boolean;
  observed: number | null;
  expected: number | null;
  threshold: number | null;
  p_value: number | null;
  why_not: Words | null;
}

/** One answer to a question. */
export interface OptionView {
  id: string;
  text: Words;
}

/** What each crew of an incident has to confirm that it heard. */
export type Order = "stage" | "release" | "danger";

/** An order that a crew has to confirm; `heard_at` null: not so far. */
export interface OrderView {
  assignment_id: string;
  unit_id: number;
  call_sign: string;
  order: Order;
  since: string;
  heard: string | null;
  heard_at: string | null;
}

/** Why a unit is out of service. A fixed list: words of one's own could name a person. */
export type OutOfService = "workshop" | "cleaning" | "equipment" | "refuelling" | "break" | "no_crew" | "training" | "other";

/** Why a unit is out of service, and when it is expected back. */
export interface OutOfServiceIn {
  reason: OutOfService;
  expected_back_at?: string | null;
}

/** How an incident ended. A fixed list: words of one's own could name a person for ever. */
export type Outcome = "transported" | "treated_on_scene" | "refused" | "no_patient" | "deceased" | "handed_over" | "false_alarm";

/** A volunteer's alert. Until it is accepted the place is approximate, and has no label. */
export interface OwnAlert {
  alert_id: string;
  state: string;
  route: string;
  alerted_at: string;
  expires_at: string;
  exact: boolean;
  lon: number | null;
  lat: number | null;
  radius_m: number | null;
  place_label: string | null;
  aed: FetchView | null;
  aed_taken: boolean;
  recalled_at: string | null;
}

/** Where the volunteer's phone is. In the body: it enters no address and no log. */
export interface OwnPositionIn {
  point: PointIn;
  at: string;
}

/** A profile of one's own as YAML, and what is to be judged by it. */
export interface OwnProfileIn {
  city_id: number;
  profile_yaml: string;
  from?: string | null;
  to?: string | null;
  by?: "none" | "area" | "hour_of_week" | "vulnerability" | "category";
  records?: "dispatch" | "recorded";
  area?: string | null;
}

/** What a volunteer sees of themself. */
export interface OwnVolunteer {
  volunteer_id: string;
  verified: boolean;
  on_duty: boolean;
  alert: OwnAlert | null;
}

/** One page that the viewer may use; `order` null: it is not in navigation. */
export interface PageView {
  path: string;
  title: Words;
  says: Words;
  order: number | null;
}

/** A parameter by which two studies differ, None where one does not have it. */
export interface ParameterDifference {
  name: string;
  words: Words;
  first: unknown;
  second: unknown;
}

/** A new password. */
export interface PasswordIn {
  password: string;
}

/** A patient, as far as known. */
export interface PatientIn {
  age_years?: number | null;
  sex?: string | null;
  name?: string | null;
  triage_colour?: string | null;
}

/** One patient, without the name. */
export interface PatientView {
  patient_id: string;
  incident_id: string;
  ordinal: number;
  age_years: number | null;
  sex: string | null;
  triage_colour: string | null;
  created_at: string;
}

/** Which residents the rates are of; years None where no source says. */
export interface PeopleUsed {
  known_areas: number;
  first_year: number | null;
  last_year: number | null;
  sources: string[];
}

/** How long a rule keeps what it rules, and why. */
export interface PeriodIn {
  days: number;
  reason: string;
}

/** A period that was set here, by whom and why. */
export interface PeriodView {
  days: number;
  reason: string;
  set_by: string;
  set_at: string;
}

/** One permission and what it allows. */
export interface PermissionView {
  permission: string;
  words: Words;
}

/** What a role is to hold: all of it. */
export interface PermissionsIn {
  permissions: string[];
}

/** A jurisdiction's permission to drive against one-way roads. */
export interface PermitIn {
  city_id: number;
  sketch: SketchIn;
  expires_at: string;
  reason_zh?: string | null;
  reason_en?: string | null;
  starts_at?: string | null;
  vehicle_classes?: ("car" | "ambulance" | "motorcycle" | "bicycle" | "walk")[] | null;
  source?: string;
  legal_basis?: string | null;
  confirmed?: boolean;
}

/** Where the phone is that opened a link, WGS-84 as a browser says it, in the body alone. */
export interface PhonePlaceIn {
  token: string;
  lon: number;
  lat: number;
  accuracy_m: number;
}

/** One target: a station or a hospital. */
export interface Place {
  place_id: number;
  name: string;
  name_zh: string | null;
  name_en: string | null;
  modelled: boolean;
  lon: number;
  lat: number;
}

/** How a crew said that it has the new place. */
export type PlaceHeard = "tablet" | "voice";

/** Which place the crew has, by the incident's `place_changed_at`, and how it said so. */
export interface PlaceHeardIn {
  place_changed_at: string;
  heard: PlaceHeard;
}

/** A point, or a place found by search. */
export interface PlaceIn {
  point?: PointIn | null;
  place_id?: number | null;
  label?: string | null;
  confirmed?: boolean;
}

/** A place by its names; `code` None: the whole city, or cells outside all districts. */
export interface PlaceName {
  code: string | null;
  name: string | null;
  name_zh: string | null;
  name_en: string | null;
}

/** One gazetteer answer. */
export interface PlaceView {
  place_id: number;
  kind: string;
  name: string;
  name_zh: string | null;
  name_en: string | null;
  street: string | null;
  house_number: string | null;
  lon: number;
  lat: number;
  radius_m: number;
  score: number;
  modelled: boolean;
  distance_m: number | null;
}

/** Ranked places; `picked` only if no like one lies far away. */
export interface PlacesFound {
  places: PlaceView[];
  ambiguous: boolean;
  picked: PlaceView | null;
  coordinates: CoordinatesFound | null;
}

/** Two plans and what stands between them. */
export interface PlanChanges {
  before: ResponsePlan | null;
  after: ResponsePlan;
  more_units: NeededUnits[];
  fewer_units: NeededUnits[];
  missing: NeededUnits[];
  new_instructions: Text[];
  dropped_instructions: Text[];
}

/** Another plan beside the answer, with its own bound; `sites`: those it adds. */
export interface PlanView {
  code: string;
  number: number;
  value: number;
  bound: number;
  gap: number | null;
  sites: planning__studies__views__SiteView[];
}

/** One position. */
export interface Point {
  type: "Point";
  coordinates: [number, number];
}

/** A point as it comes in: degrees, longitude first, with the datum they are measured on. */
export interface PointIn {
  lon: number;
  lat: number;
  datum?: string | null;
  uncertainty_m?: number;
}

/** Many points: longitude first, in degrees of one datum. */
export interface PointsIn {
  lonlat: ([number, number])[];
  datum?: string | null;
}

/** An outer ring, then its holes; each ring ends where it began. */
export interface Polygon {
  type: "Polygon";
  coordinates: (([number, number])[])[];
}

/** A GeoJSON Polygon. */
export interface PolygonIn {
  type: "Polygon";
  coordinates: number[][][];
}

/** One vehicle's place, as its device gave it. */
export interface PositionIn {
  unit_id: number;
  lon: number;
  lat: number;
  device_at: string;
  heading_deg?: number | null;
  speed_kmh?: number | null;
  accuracy_m?: number | null;
}

/** `positions`: where vehicles went since the last one. */
export interface PositionsFrame {
  positions: VehiclePosition[];
}

/** A batch of positions of one source, all on one datum. */
export interface PositionsIn {
  datum?: string | null;
  source: string;
  positions: PositionIn[];
}

/** How many positions were stored, why others were not, and what is to be known of some. */
export interface PositionsResult {
  accepted: number;
  rejected: RejectedPosition[];
  flagged: FlaggedPosition[];
}

/** `presence`: somebody opened or left an incident; who has it open is to be asked. */
export interface PresenceFrame {
  incident_id: string;
}

/** What a condition would be, to see what it hits. */
export interface PreviewIn {
  city_id: number;
  kind?: "closure" | "flood" | "roadworks" | "speed" | "contraflow_permit";
  sketch: SketchIn;
}

/** What a drawing would hit and cut off. */
export interface PreviewShown {
  roads: number;
  length_m: number;
  area_km2: number;
  road_share: number;
  area_codes: string[];
  missing_areas: string[];
  segment_ids: number[];
  lines: MultiLineString;
  streets: Street[];
  street_count: number;
  cut_off: CutOffView[];
}

/** Why a request was refused (RFC 9457); `detail` is a sentence that says what to do. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: FieldProblem[];
}

/** Means of travel; its rules stand in `routing.rules.profiles`. */
export type Profile = "car" | "ambulance" | "ambulance_lights" | "motorcycle" | "bicycle" | "walk";

/** The profiles that can be asked for. */
export interface ProfileList {
  profiles: ProfileView[];
}

/** A profile of standards with its edition and source. */
export interface ProfileView {
  name: string;
  edition: string;
  words: Words;
  source: string;
  notes: Words | null;
  standards: dispatch__kpis__views__StandardView[];
}

/** The best so far; `sites` None where the model has no plan before its end. */
export interface ProgressView {
  seconds: number;
  value: number | null;
  bound: number | null;
  gap: number | null;
  trace: TraceView[];
  sites: planning__studies__views__SiteView[] | null;
}

/** The protocol with its notice. */
export interface ProtocolView {
  version: string;
  medically_approved: boolean;
  notice: Words;
  vital: VitalView;
  complaints: ComplaintView[];
}

/** A subject whose counts are published; `smallest_told`: 1 up to one less is hidden. */
export interface PublishedCountView {
  subject: string;
  words: Words;
  description: Words;
  sensitivity: string;
  smallest_told: number;
  area_level: string;
  rhythm: string;
  delay_days: number;
  groups: CountedGroup[];
}

/** What the installation is for: `live` or `simulation`. */
export interface Purpose {
  purpose: string | null;
}

/** One question; its last option is that nobody knows. `only_if`: asked after these answers. */
export interface QuestionView {
  id: string;
  text: Words;
  options: OptionView[];
  only_if: Record<string, string[]>;
}

/** Where an incident stands from `from_at` on. */
export interface QueueStep {
  from_at: string;
  section: Section;
  needs: NeedStep[];
  due_at: string | null;
  unassigned_c1: boolean;
  order: [number, number, number];
}

/** One unit of a recommendation. */
export interface RankedUnitView {
  rank: number;
  unit_id: number;
  call_sign: string;
  level: string;
  station_id: number;
  station_name: string;
  state: string;
  lon: number;
  lat: number;
  position_age_s: number | null;
  position_stale: boolean;
  travel_time_s: number | null;
  travel_time_low_s: number | null;
  travel_time_high_s: number | null;
  travel_time_ignoring_closures_s: number | null;
  straight_line_m: number;
  eligible: boolean;
  reasons: Reason[];
  route: LineString | null;
  diversion: DiversionView | null;
  ranked_s: number | null;
  free_in_s: number | null;
  coverage_lost_points: number | null;
  void: dispatch__choosing__views__VoidView | null;
}

/** An area as a GeoJSON feature. */
export interface ReachFeature {
  geometry: MultiPolygon;
  properties: ReachProperties;
  type: "Feature";
}

/** What one area stands for. */
export interface ReachProperties {
  limit_s: number;
  area_km2: number;
}

/** Why something is ranked, refused or missing: a stable code and its words. */
export interface Reason {
  en: string;
  zh: string;
  code: string;
}

/** Why. */
export interface ReasonIn {
  reason: string;
}

/** Units ranked for one incident; empty while `waiting_for` says what is missing. */
export interface Recommendation {
  incident_id: string;
  incident_version: number;
  computed_at: string;
  topology_id: string | null;
  conditions_id: string | null;
  metric_id: string | null;
  basis: "road" | "straight_line" | null;
  waiting_for: string | null;
  units: RankedUnitView[];
  unit_count: number;
  eligible_count: number;
  shortfalls: Reason[];
  policy: "closest" | "closest_by_category" | "coverage_aware" | "dmexclp";
  coverage: CoverageNow | null;
}

/** Spans of all recorded responses of a city, the largest groups first. */
export interface RecordedView {
  city_id: number;
  sources: string[];
  responses: number;
  calls: number;
  first_at: string | null;
  last_at: string | null;
  by: string[];
  spans: SpanView[];
}

/** The register of personal fields, how many holds are in force, what can be held. */
export interface Register {
  fields: RegisterEntry[];
  holds: number;
  subjects: SubjectView[];
}

/** One personal field: what, why, how long, who reads it, what the nights did. */
export interface RegisterEntry {
  name: string;
  what: Words;
  table: string;
  columns: string[];
  purpose: Words;
  legal_basis: string;
  readers: Words;
  days: number | null;
  default_days: number | null;
  since: Words | null;
  otherwise: Words | null;
  erased: number;
  periods: PeriodView[];
  last_run: gis__retention__views__RunView | null;
}

/** What one import refused. */
export interface RejectList {
  rejects: RejectView[];
}

/** A refused row, or a value left out of a stored one (`field`); `cells` until they end. */
export interface RejectView {
  row_number: number;
  field: string | null;
  reason: string;
  cells: Record<string, unknown> | null;
}

/** A position not taken, by its place in the batch. */
export interface RejectedPosition {
  index: number;
  code: string;
  detail: string;
}

/** What may be the same as an incident, the likeliest first, and what it is linked to. */
export interface Related {
  similar: SimilarIncident[];
  linked: LinkedIncident[];
}

/** A release with every cell of it. */
export interface ReleaseCellsView {
  release: ReleaseView;
  cells: CellView[];
}

/** One period as it was published. */
export interface ReleaseView {
  release_id: number;
  subject: string;
  city_id: number;
  period_from: string;
  period_until: string;
  smallest_told: number;
  sensitivity: string;
  simulated: boolean;
  made_at: string;
}

/** What the viewer may read, newest period first. */
export interface ReleasesView {
  subjects: PublishedCountView[];
  releases: ReleaseView[];
}

/** A remark, and the earlier one it corrects. */
export interface RemarkIn {
  text: string;
  corrects?: string | null;
}

/** The remark that was written, and its incident. */
export interface Remarked {
  incident_id: string;
  remark_id: string;
}

/** What was known at a moment of the incidents of the 24 hours before it. */
export interface ReplayView {
  city_id: number;
  at: string;
  intact: boolean;
  broken: string[];
  events: number;
  incidents: ReplayedIncident[];
}

/** An incident as it was known; `assignments`: assignment's id → its state, null where its last stamp was taken back. */
export interface ReplayedIncident {
  incident_id: string;
  number: string | null;
  state: string | null;
  version: number;
  category: string | null;
  complaint_code: string | null;
  assignments: Record<string, string | null>;
}

/** What a report is to be of. */
export interface ReportIn {
  city_id: number;
  language?: "zh" | "en";
  period?: string | null;
  number?: number | null;
  formats?: Format[];
}

/** A report that the viewer may have made. */
export interface ReportKind {
  name: string;
  title: Words;
  says: Words;
  formats: string[];
  of_periods: boolean;
  of_one: boolean;
}

/** What somebody reported of a device (missing, broken) that nobody has checked yet. */
export interface ReportedProblem {
  kind: string;
  at: string;
}

/** The first day on which nobody is waited for. */
export interface ReporterEndIn {
  until: string;
}

/** From which day on nobody waits for somebody's reports. */
export interface ReporterEnded {
  frame_id: number;
  until: string;
}

/** Kinds of reports, and those made of them that are kept, newest first. */
export interface Reports {
  kinds: ReportKind[];
  made: MadeReport[];
}

/** How many each case infects, over the seven days of onset that end with `day`. */
export interface ReproductionDayView {
  day: string;
  mean: number | null;
  low: number | null;
  high: number | null;
}

/** The reproduction number of a disease and what it assumes. */
export interface ReproductionView {
  days: ReproductionDayView[];
  interval_days: number | null;
  spread_days: number | null;
  spread_assumed: boolean;
  source: Words | null;
  nowcast: boolean;
  weekly: boolean;
  why_not: Words | null;
}

/** What an incident asks for, as it is stored and shown. */
export interface ResponsePlan {
  category: string;
  mode: string;
  capabilities: string[];
  hospital_capabilities: string[];
  units: NeededUnits[];
  instructions: Text[];
  cardiac_arrest: boolean;
  assumed: Assumption[];
  to_ask?: OpenQuestion[];
  answered_category?: string;
  metronome_per_min?: number;
  foreign?: ForeignCode;
}

/** An AED that is back and in service. */
export interface Restocked {
  aed_id: number;
  at: string;
}

/** `resync`: read the lists anew. */
export interface ResyncFrame {
  reason: "position_unknown" | "slow_reader" | "restored";
}

/** Why. */
export interface RetentionReasonIn {
  reason: string;
}

/** What another person found. */
export interface ReviewView {
  review_id: string;
  verdict: string;
  note: string;
  reviewed_by: string;
  reviewed_at: string;
}

/** One permission that the viewer holds, in words. */
export interface RightView {
  permission: string;
  words: Words;
}

/** Areas as a GeoJSON FeatureCollection. */
export interface RiskCollection {
  features: RiskFeature[];
  type: "FeatureCollection";
}

/** An area; its properties are the fields of the layer. */
export interface RiskFeature {
  properties: Record<string, unknown>;
  geometry: Polygon | MultiPolygon;
  type: "Feature";
}

/** What an answer was computed from; `metric_id` is None where no hierarchy took part. */
export interface RoadVersions {
  topology_id: string;
  conditions_id: string;
  metric_id: string | null;
}

/** Under which conditions of the roads. */
export type RoadsShown = "now" | "open";

/** A new role, what it is called, and what it allows. */
export interface RoleIn {
  role: string;
  name_en: string;
  name_zh: string;
  permissions?: string[];
}

/** Every role by name, and every permission there is. */
export interface RoleList {
  roles: StoredRole[];
  permissions: PermissionView[];
}

/** The role is gone. */
export interface RoleRemoved {
  role: string;
}

/** One role of the viewer, in words, with the area it holds in; empty: everywhere. */
export interface RoleView {
  role: string;
  words: Words;
  jurisdiction: string;
}

/** What a hospital has for a colour. free null: it never said; bound: casualties sent there. */
export interface RoomView {
  colour: Colour;
  free: number | null;
  capacity: number | null;
  bound: number;
  reported_at: string | null;
}

/** Two places and a means of travel. */
export interface RouteIn {
  city_id: number;
  profile?: Profile;
  min_conditions_id?: string | null;
  from: PointIn;
  to: PointIn;
  depart_at?: string | null;
}

/** A way by road, or the straight line with a guess where no roads are loaded. */
export interface RouteView {
  travel_time_s: number;
  distance_m: number;
  basis: "road" | "straight_line";
  geometry: LineString;
  steps: StepView[];
}

/** Rules as they are to be. */
export interface RulesIn {
  standard: string;
  assumed_busy?: number | null;
  void_opens_people: number;
  void_closes_people: number;
  void_holds_s: number;
  moves_per_hour: number;
  least_gain_points: number;
  least_area_share: number;
  moves_per_shift: number;
  rest_s: number;
}

/** A scene: danger, staging, what each crew has yet to hear, who was told. */
export interface SafetyView {
  incident_id: string;
  answer: DangerAnswer;
  kinds: Danger[];
  answered: DangerAnswer;
  answered_at: string | null;
  answered_by: string | null;
  hazards: HazardView[];
  staging: Staging;
  staged_at: string | null;
  released_at: string | null;
  released_by: string | null;
  orders: OrderView[];
  told: ToldView[];
  told_by_hand: Words;
}

/** What the exchange reports of a call. */
export type Said = "rang" | "answered" | "held" | "resumed" | "abandoned" | "transferred" | "ended";

/** What SALT's individual assessment looks for; left out: not looked for. */
export interface SaltIn {
  breathes?: boolean | null;
  obeys_or_moves_with_purpose?: boolean | null;
  peripheral_pulse?: boolean | null;
  no_respiratory_distress?: boolean | null;
  bleeding_controlled?: boolean | null;
  minor_injuries_only?: boolean | null;
  likely_to_survive?: boolean | null;
}

/** How a model did from earlier origins: mean absolute error, share of counts in its interval. */
export interface ScoreView {
  model: string;
  mae: number;
  held: number;
  width: number;
  interval_score: number;
}

/** What the caller said about the place. */
export interface SearchIn {
  city_id: number;
  query: string;
  near?: PointIn | null;
  limit?: number;
}

/** Cases of one year by ISO week, from 1 on; None: no report, or not whole yet. */
export interface SeasonView {
  year: number;
  cases: (number | null)[];
}

/** Seats of the call centre in one hour of the week. */
export interface SeatsView {
  hour_of_week: number;
  calls_an_hour: number;
  needed: number;
  cautious: number;
  answered: number;
}

/** The parts of the queue, from the top down. */
export type Section = "action" | "under_way" | "closing";

/** Where on the ground a casualty or a crew is. */
export type Sector = "hot" | "collection" | "treatment" | "loading" | "staging";

/** Where on the ground a casualty is. */
export interface SectorIn {
  sector: Sector;
}

/** A disease with cases in the last year, and how many in the last four weeks. */
export interface SeenDisease {
  disease: string;
  words: Words;
  cases_28: number;
  cases_365: number;
}

/** The diseases of a city that the viewer may see, most cases in four weeks first. */
export interface SeenDiseases {
  diseases: SeenDisease[];
}

/** The assignment, and who would be there sooner, if the unit was compared. */
export interface SentView {
  assignment_id: string;
  incident_id: string;
  unit_id: number;
  call_sign: string;
  level: string;
  state: string;
  version: number;
  predicted_travel_time_s: number | null;
  predicted_by: string | null;
  predicted_arrival_at: string | null;
  destination_facility_id: number | null;
  destination_name: string | null;
  destination_name_zh: string | null;
  patient_id: string | null;
  created_at: string;
  place_acknowledged_at: string | null;
  overdue_since: string | null;
  has_place: boolean;
  stamps: StampView[];
  next_states: AssignmentState[];
  faster: Faster | null;
}

/** The viewer, the pages that are open to him, where he begins, and the installation. */
export interface Session {
  user: User;
  roles: RoleView[];
  rights: RightView[];
  pages: PageView[];
  landing: string;
  installation: InstallationView;
  ends_at: string | null;
}

/** Where a standard holds; one without it holds everywhere. */
export type Setting = "urban" | "rural";

/** Whether others may see it. */
export interface ShareIn {
  shared: boolean;
}

/** People of one group and district whom at least `fold` units of a class reach. */
export interface ShareView {
  standard: string;
  fold: number;
  unit_class: string | null;
  part: string;
  district: PlaceName;
  group: string;
  covered: number;
  known: number;
  unknown: number;
  share: number | null;
}

/** When the shift that is on ends; without a time now. */
export interface ShiftEndIn {
  ends_at?: string | null;
}

/** What is missing; `known` is false while the incident is not coded: nobody can say then. */
export interface ShortfallView {
  incident_id: string;
  incident_version: number;
  known: boolean;
  missing: MissingNeed[];
}

/** When a map shows a layer. */
export type Shown = "base" | "always" | "chosen";

/** What becomes of a signal: seen and worked on, explained, or muted until a new case. */
export interface SignalDecisionIn {
  state: "acknowledged" | "explained" | "muted";
  note?: string | null;
}

/** One signal. `recent`: cases by day up to the day, None = no report. */
export interface SignalView {
  signal_id: string;
  version: number;
  kind: string;
  institution: string | null;
  numbers: boolean;
  disease: string | null;
  disease_words: Words;
  area_code: string | null;
  place: Words;
  age_group: string | null;
  state: string;
  state_at: string;
  state_by: string | null;
  note: string | null;
  raised_on: string;
  last_on: string;
  newest_case_on: string | null;
  cases_7: number | null;
  lead: Words | null;
  obliged: boolean;
  told: boolean;
  observed: number | null;
  expected: number | null;
  threshold: number | null;
  p_value: number | null;
  false_rate: number | null;
  weight: number | null;
  reason: Words;
  opinions: OpinionView[];
  recent: (number | null)[];
  advised_until: string | null;
}

/** Whether nobody speaks on the line. */
export interface SilentIn {
  silent: boolean;
}

/** An open incident that may be the same. score: 0 to 1, with its reasons in words. */
export interface SimilarIncident {
  incident_id: string;
  number: string;
  state: string;
  category: string | null;
  place_label: string | null;
  received_at: string;
  score: number;
  reasons: Words[];
}

/** What to change; what is left out stays. */
export interface SimulationIn {
  speed_factor?: number | null;
  auto_dispatch?: boolean | null;
  calls_per_hour?: number | null;
}

/** How the simulated city runs. */
export interface SimulationView {
  speed_factor: number;
  auto_dispatch: boolean;
  calls_per_hour: number;
  version: number;
}

/** A point on a street, WGS-84 degrees. */
export interface Site {
  lon: number;
  lat: number;
}

/** A station that is not there: its units are on duty all day. */
export interface SiteIn {
  name: string;
  point: PointIn;
  units?: number;
  level?: "BLS" | "ALS" | "critical_care" | "first_responder";
}

/** Where calls may come from; `weighed_by` None: people count alike. */
export interface Sites {
  sites: Site[];
  weighed_by: string | null;
}

/** How many places calls may come from, and by which layer of risks people are weighed. */
export interface SitesIn {
  city_id: number;
  count: number;
  weigh_by?: string | null;
}

/** Where: a drawn GeoJSON polygon or line with its datum, chosen roads, or a jurisdiction. */
export interface SketchIn {
  drawn: "polygon" | "line" | "edges" | "area";
  geometry?: PolygonIn | MultiPolygonIn | LineStringIn | MultiLineStringIn | null;
  datum?: string | null;
  edges?: EdgeIn[];
  area_code?: string | null;
  direction?: "both" | "forward" | "backward";
  layer_min?: number | null;
  layer_max?: number | null;
  structures?: ("ground" | "bridge" | "tunnel")[];
}

/** Points, and for moving ones the direction they move in. */
export interface SnapIn {
  city_id: number;
  profile?: Profile;
  min_conditions_id?: string | null;
  points: PointsIn;
  heading_deg?: (number | null)[] | null;
  limit_m?: number;
  geometry?: boolean;
}

/** The points in the order given. */
export interface Snapped {
  topology_id: string | null;
  conditions_id: string | null;
  metric_id: string | null;
  points: SnappedPoint[];
}

/** One point; without a road within the limit it has no candidates. */
export interface SnappedPoint {
  distance_m: number | null;
  candidates: CandidateRoad[];
  heading_ignored: boolean;
}

/** A colour, or the findings of one method. */
export interface SortIn {
  colour?: Colour | null;
  start?: StartIn | null;
  salt?: SaltIn | null;
}

/** A source and its mapping. */
export interface SourceSeen {
  source_id: number;
  name: string;
  kind: string;
  mapping: Record<string, unknown>;
  created_at: string;
}

/** One span of the responses of one group; None with too few to say. */
export interface SpanView {
  span: string;
  group: (string | null)[];
  counted: number;
  out_of_order: number;
  missing: number;
  median_s: number | null;
  p90_s: number | null;
}

/** Live speeds of one source at one time; columns of equal length. */
export interface SpeedsIn {
  city_id: number;
  source: string;
  segment_id: number[];
  direction: (0 | 1)[];
  speed_kmh: number[];
  observed_at: string;
  expires_at: string;
  confidence?: number;
}

/** How many rows came, how many replaced or joined what was stored, and the new counter. */
export interface SpeedsStored {
  received: number;
  stored: number;
  change: number;
}

/** Whether crews wait at a distance until somebody releases the scene. */
export type Staging = "not_asked" | "wait" | "released";

/** What the desk orders. */
export interface StagingIn {
  step: StagingStep;
}

/** What a desk may order. */
export type StagingStep = "stage" | "release";

/** A status, who reports it and when it happened (now, if not given). */
export interface StampIn {
  state: AssignmentState;
  source: StampSource;
  occurred_at?: string | null;
  handover_facility_id?: number | null;
}

/** Who or what reported a status stamp. */
export type StampSource = "console" | "tablet" | "geofence" | "simulation";

/** One status stamp. off_place_m: of *on scene*, how far outside the place; None: within it. */
export interface StampView {
  state: string;
  etimes: string | null;
  occurred_at: string;
  recorded_at: string;
  late: boolean;
  skipped: string[];
  source: string;
  off_place_m: number | null;
}

/** Why an area has no number, or one that is nothing. */
export type Standing = "counted" | "zero" | "hidden" | "missing" | "no_people";

/** What START looks for; left out: not looked for. */
export interface StartIn {
  walks?: boolean | null;
  breathes?: boolean | null;
  breathes_after_opening?: boolean | null;
  breaths_per_min?: number | null;
  radial_pulse?: boolean | null;
  refill_s?: number | null;
  obeys?: boolean | null;
}

/** What a hospital says of itself. */
export interface StatusIn {
  diverting: boolean;
  divert_reason?: string | null;
  emergency_beds_free?: number | null;
}

/** How long a period is. */
export type Step = "week" | "month";

/** What the volunteer pressed. */
export interface StepIn {
  step: dispatch__volunteers__lifecycle__Step;
}

/** One line of guidance; `vertex` is the row of the route's geometry where it starts. */
export interface StepView {
  text: Words;
  name: string | null;
  manoeuvre: Manoeuvre;
  exit: number | null;
  side: "left" | "right" | null;
  vertex: number;
  bearing_deg: number;
  distance_m: number;
  travel_time_s: number;
}

/** One role with what it holds and how many accounts have it. */
export interface StoredRole {
  role: string;
  words: Words;
  declared: boolean;
  permissions: string[];
  accounts: number;
}

/** An incident's events in order, and whether their hash chain holds. */
export interface Story {
  events: StoryEventView[];
  chain_intact: boolean;
}

/** One event of an incident's story. */
export interface StoryEventView {
  subject_version: number;
  type: string;
  actor: string;
  occurred_at: string;
  recorded_at: string;
  payload: Record<string, unknown>;
  text: Words;
}

/** Calls of one syndrome, on one day, in one area (None: the place is not known). */
export interface StreamCount {
  syndrome: string;
  day: string;
  area_code: string | null;
  calls: number;
}

/** What the calls of some days were coded as. */
export interface Streams {
  city_id: number;
  version: string;
  since: string;
  before: string;
  first_day: string | null;
  syndromes: Record<string, Words>;
  counts: StreamCount[];
}

/** The names of one street, as far as they are known. */
export interface Street {
  name: string;
  name_zh: string | null;
  name_en: string | null;
}

/** Studies of a city, newest first. */
export interface StudiesView {
  studies: StudyLine[];
}

/** What a study is to be of; its parameters as the kind's schema says. */
export interface StudyIn {
  city_id: number;
  name: string;
  kind: string;
  parameters?: Record<string, unknown>;
  shared?: boolean;
}

/** A study in a list. */
export interface StudyLine {
  study_id: number;
  city_id: number;
  name: string;
  kind: string;
  kind_words: Words;
  state: string;
  shared: boolean;
  mine: boolean;
  may_change: boolean;
  made_at: string;
  made_by: string;
  finished_at: string | null;
  value: number | null;
  bound: number | null;
  gap: number | null;
  ended: string | null;
}

/** A study with all that is known of it. */
export interface StudyView {
  study_id: number;
  city_id: number;
  name: string;
  kind: string;
  kind_words: Words;
  state: string;
  shared: boolean;
  mine: boolean;
  may_change: boolean;
  made_at: string;
  made_by: string;
  finished_at: string | null;
  value: number | null;
  bound: number | null;
  gap: number | null;
  ended: string | null;
  parameters: Record<string, unknown>;
  job_id: number | null;
  started_at: string | null;
  error: string | null;
  measure: MeasureView;
  inputs: InputsView | null;
  changed: Words[];
  progress: ProgressView | null;
  answer: AnswerView | null;
}

/** A kind of thing that can be held and erased. */
export interface SubjectView {
  kind: string;
  words: Words;
}

/** One move worth making: which free unit to which post, and what it adds. */
export interface SuggestedMoveView {
  unit_id: number;
  call_sign: string;
  from_station: string;
  station_id: number;
  station_name: string;
  lon: number;
  lat: number;
  gain_points: number;
  travel_time_s: number | null;
  moved_in_shift: number;
  position_assumed: boolean;
}

/** What an answer supposes: stations closed and new, and how much is drawn on the roads. */
export interface SupposedView {
  closed: number[];
  sites: planning__coverage__views__SiteView[];
  conditions: number;
  roads: number;
  drawn_at: string | null;
}

/** Which city, and why. */
export interface SurgeIn {
  city_id: number;
  reason: SurgeReason;
}

/** The surge modes of a city, the newest first; at most one lasts. */
export interface SurgeList {
  surges: SurgeView[];
}

/** Why a supervisor began it. A fixed list: words of one's own could name a person. */
export type SurgeReason = "demand" | "fleet" | "disaster" | "weather" | "event" | "epidemic" | "other";

/** A surge mode; `ended_at` null while it lasts. */
export interface SurgeView {
  surge_id: string;
  city_id: number;
  reason: string;
  reason_words: Words;
  began_at: string;
  ended_at: string | null;
}

/** What one way of helping comes to by Larsen's model, from the call on; None: not known. */
export interface SurvivalOption {
  option: string;
  words: Reason;
  cpr_s: number | null;
  shock_s: number | null;
  als_s: number | null;
  survival_percent: number | null;
}

/** What the nearest one is looked for of. */
export type Target = "station" | "emergency" | "stroke" | "pci";

/** What was looked for: `of_unknown` are hospitals of which nobody says whether they are one. */
export interface Targets {
  code: string;
  words: Words;
  direction: string;
  profile: string;
  count: number;
  off_road: number;
  of_unknown: number;
  modelled: number;
}

/** One call on a line. incident_id: none while it rings. */
export interface TelephoneCallView {
  call_id: string;
  incident_id: string | null;
  exchange: string;
  exchange_ref: string;
  state: string;
  rang_at: string;
  answered_at: string | null;
  ended_at: string | null;
  silent: boolean;
  quiet: boolean;
  transferred_to: string | null;
  recording_ref: string | null;
  call_back: string;
  call_back_tries: number;
  call_back_due_at: string | null;
  follows_call_id: string | null;
  version: number;
}

/** What the law asks from a day on. */
export interface TermView {
  since: string;
  legal_class: "A" | "B" | "C";
  managed_as: "A" | "B" | "C";
  hours: number;
}

/** One text as it is stored. */
export interface Text {
  en: string;
  zh: string;
}

/** `tick`: all is well; the server's clock. */
export interface TickFrame {
  now: string;
}

/** One value of a layer's time, such as `night`. */
export interface TimeChoice {
  value: string;
  words: Words;
}

/** When people were counted where they are. */
export type TimeOfDay = "all" | "day" | "night";

/** The newest day of a city. `run` None: it was never judged. */
export interface TodayView {
  city_id: number;
  run: surveillance__signals__views__RunView | null;
  judged: number[];
  basis: Words | null;
  signals: SignalView[];
  earlier: SignalView[];
  kept: SignalView[];
  missing: MissingView[];
  calls: SignalView[];
  drops: SignalView[];
  budget: BudgetView | null;
}

/** A new token: whose rights it carries, what it is for, how long it opens. */
export interface TokenIn {
  user_id: string;
  name: string;
  days?: number;
}

/** Tokens that open something, newest first. */
export interface TokenList {
  tokens: TokenView[];
}

/** One token of a program; without its text, which nobody keeps. */
export interface TokenView {
  token_id: string;
  user_id: string;
  username: string;
  name: string;
  created_at: string;
  seen_at: string | null;
  expires_at: string | null;
}

/** Whom somebody told, and when; without a time now. */
export interface ToldIn {
  agency: Agency;
  to_whom: string;
  told_at?: string | null;
}

/** Who outside was told, as somebody wrote it down. */
export interface ToldView {
  told_id: string;
  agency: Agency;
  to_whom: string;
  told_at: string;
  recorded_at: string;
  recorded_by: string;
}

/** What was known after so many seconds of processor time; None: nothing yet. */
export interface TraceView {
  seconds: number;
  value: number | null;
  bound: number | null;
}

/** A tracker by the name it gives itself, and the datum that its positions are on. */
export interface TrackerIn {
  ref: string;
  datum: string;
}

/** A tracker, by the name it gives itself, the unit it is on board of and its datum. */
export interface TrackerOnBoard {
  ref: string;
  unit_id: number;
  datum: string;
}

/** A complaint and the answers to its questions. */
export interface TriageIn {
  complaint_code: string;
  answers?: Record<string, string>;
  patient_count?: number | null;
}

/** A route and when it is driven; times null where it is a straight line. */
export interface TripView {
  travel_time_s: number;
  distance_m: number;
  basis: "road" | "straight_line";
  geometry: LineString;
  steps: StepView[];
  departs_at: string | null;
  arrives_at: string | null;
  time_dependent: boolean;
  stood_s: number | null;
  changes_at: string[];
  topology_id: string | null;
  conditions_id: string | null;
  metric_id: string | null;
}

/** The last stamp, as one saw it. */
export interface UndoIn {
  state: AssignmentState;
}

/** A unit with the shift that is on now, and who is on board; null: no shift, or no end. */
export interface UnitDuty {
  unit: UnitView;
  shift_starts_at: string | null;
  shift_ends_at: string | null;
  crew: CrewMemberView[];
}

/** What a unit is doing, as maps and lists tell units apart. */
export type UnitPhase = "available" | "notified" | "en_route" | "on_scene" | "transporting" | "at_hospital" | "off";

/** One unit with its computed status and newest position. */
export interface UnitView {
  unit_id: number;
  call_sign: string;
  level: string;
  capabilities: string[];
  station_id: number;
  station_name: string;
  station_lon: number;
  station_lat: number;
  area_code: string | null;
  status: string;
  secondary: string[];
  assignment_state: string | null;
  incident_id: string | null;
  on_shift: boolean;
  out_of_service_reason: string | null;
  out_of_service_since: string | null;
  expected_back_at: string | null;
  lon: number | null;
  lat: number | null;
  heading_deg: number | null;
  speed_kmh: number | null;
  device_at: string | null;
  received_at: string | null;
  modelled: boolean;
  version: number;
}

/** The units of a city. */
export interface Units {
  units: UnitView[];
}

/** Why coverage is not known. */
export type Unknown = "population" | "busy" | "stations" | "preparing";

/** A part of a file, in base64, that begins at a byte; `upload_id` is the sender's choice. */
export interface UploadPartIn {
  upload_id: string;
  offset: number;
  content: string;
}

/** How many bytes of the file are there. */
export interface UploadedView {
  received: number;
}

/** Who is logged in, and what that allows. */
export interface User {
  user_id: string | null;
  username: string;
  display_name: string;
  language: string;
  grants: Grant[];
  permissions: string[];
}

/** Where a vehicle is, WGS-84 degrees. */
export interface VehiclePosition {
  unit_id: number;
  lon: number;
  lat: number;
  heading_deg: number | null;
  speed_kmh: number | null;
  device_at: string;
  received_at: string;
}

/** What was found of a read or a break-glass and its reason. */
export interface VerdictIn {
  verdict: "in_order" | "questioned";
  note?: string;
}

/** The versions of each profile that is loaded. */
export interface Versions {
  profiles: Record<string, RoadVersions>;
}

/** What is asked before the complaint, and which answers are none of an arrest. */
export interface VitalView {
  questions: QuestionView[];
  awake: string;
  awake_option: string;
  breathing: string;
  normal_option: string;
  metronome_per_min: number;
  arrest_complaint: string;
}

/** An account that becomes a volunteer, and the number for a call back. */
export interface VolunteerIn {
  city_id: number;
  username: string;
  phone?: string | null;
}

/** The volunteers of a city. */
export interface VolunteerList {
  volunteers: VolunteerView[];
}

/** A volunteer as a supervisor sees them. */
export interface VolunteerView {
  volunteer_id: string;
  username: string;
  display_name: string;
  on_duty: boolean;
  enrolled_at: string;
  verified_at: string | null;
  ended_at: string | null;
}

/** Volunteers at one place, from an hour up to another, local; all day where both are alike. */
export interface VolunteersIn {
  point: PointIn;
  count?: number;
  from_hour?: number;
  to_hour?: number;
  storeys?: number;
}

/** One indicator that went in. */
export interface VulnerabilityInput {
  indicator: string;
  words: Words;
  weight: number;
  areas: number;
  sources: string[];
  first_day: string | null;
  last_day: string | null;
  shift: number;
}

/** An area: its index from 0 to 1, its rank (1 = most vulnerable) and how sure that is. */
export interface VulnerabilityRow {
  area_code: string;
  place: Words;
  value: number;
  rank: number;
  rank_low: number;
  rank_high: number;
  rank_best: number;
  rank_worst: number;
  often_top: number;
}

/** The newest index of a city. version None: none was stored. */
export interface VulnerabilityView {
  city_id: number;
  version: number | null;
  level: string | null;
  areas: number;
  ranked: number;
  spread: number;
  inputs: VulnerabilityInput[];
  inputs_hash: string | null;
  made_at: string | null;
  rows: VulnerabilityRow[];
}

/** Everybody who waits in a city: the more urgent first, of one category the longest first. */
export interface WaitingBoard {
  city_id: number;
  at: string;
  surge: SurgeView | null;
  counts: WaitingCount[];
  rows: WaitingRow[];
}

/** How many of a category wait, and how long the first of them; null: not coded. */
export interface WaitingCount {
  category: string | null;
  count: number;
  longest_s: number;
}

/** One incident to which no crew has said that it comes. lost: its unit was taken from it. */
export interface WaitingRow {
  incident_id: string;
  number: string;
  state: string;
  version: number;
  category: string | null;
  complaint: Words | null;
  place_label: string | null;
  received_at: string;
  waited_s: number;
  lost: boolean;
  notified: string[];
  deadlines: DeadlineView[];
}

/** Seven days that end with `last_day`. expected and threshold: None where not judged. */
export interface WeekView {
  last_day: string;
  cases: number | null;
  expected: number | null;
  threshold: number | null;
  alarm: boolean;
}

/** People weighed by a layer of risks of areas. */
export interface WeighedView {
  layer: string;
  words: Words;
  unit: string;
  counts_people: boolean;
  sources: string[];
  first_day: string | null;
  last_day: string | null;
  people_without: number;
  total: number | null;
  beyond_now: number | null;
  beyond_open: number | null;
}

/** How a welfare timer stands. */
export type Welfare = "running" | "missed";

/** How often the crew is asked. */
export interface WelfareIn {
  every_s: number;
}

/** A crew that is to be heard of every so often; missed: it was not, and that is an alarm. */
export interface WelfareView {
  unit_id: number;
  call_sign: string;
  state: Welfare;
  every_s: number;
  due_at: string;
  missed_at: string | null;
}

/** How the crew said that it is well. */
export interface WellIn {
  heard: PlaceHeard;
}

/** What of a city's coverage is asked, and what is as if it were so, all at once. */
export interface WhatIfIn {
  city_id: number;
  time_of_day?: TimeOfDay;
  setting?: Setting | null;
  busy?: number | null;
  group_by?: string | null;
  calls_an_hour?: number | null;
  task_min?: number;
  closed?: number[];
  sites?: SiteIn[];
  floods?: FloodIn[];
  closures?: ClosureIn[];
  roads?: NewRoadIn[];
  drawn_at?: string | null;
}

/** One text in every language; names in braces are to be filled. */
export interface Words {
  en: string;
  zh: string;
}

/** Coverage of the city with the fleet at work at the present hour (hypercube model). */
export interface WorkedView {
  standard: string;
  calls_an_hour: number;
  task_s: number;
  exact: boolean;
  covered: number;
  share: number | null;
  busy_least: number;
  busy_mean: number;
  busy_most: number;
  all_busy: number;
}

/** People of one place among the worst served; `seconds` None: no way leads there. */
export interface WorstView {
  place: PlaceName;
  people: number;
  seconds: number | null;
}

/** A part of a zone as a GeoJSON feature. */
export interface ZoneFeature {
  geometry: Point | Polygon | MultiPolygon | MultiLineString;
  properties: ZonePart;
  type: "Feature";
}

/** What a feature of a zone is: an area that belongs to it, its border, its roads, its centre. */
export interface ZonePart {
  part: "member" | "circle" | "roads" | "centre";
  area_code: string | null;
  name: Words | null;
  observed: number | null;
  expected: number | null;
  relative_risk: number | null;
}

/** A cluster's zone as a GeoJSON FeatureCollection, from the ground up. */
export interface ZoneView {
  features: ZoneFeature[];
  bbox: [number, number, number, number];
  roads: boolean;
  type: "FeatureCollection";
}

/** What the list said of the chosen unit as one pressed. */
export interface api__doors__dispatch__assignments__SeenIn {
  eligible: boolean;
  loss_s: number;
}

/** A hospital; `override` sends a casualty to a full one, under one's own name. */
export interface api__doors__dispatch__casualties__BindIn {
  facility_id: number;
  override?: boolean;
}

/** The unit that an account speaks for; null: none. */
export interface api__doors__dispatch__crew_safety__BindIn {
  unit_id: number | null;
}

/** How often the crew had pressed when the desk saw it. */
export interface api__doors__dispatch__crew_safety__SeenIn {
  presses: number;
}

/** What came of one try to call back. */
export interface api__doors__dispatch__telephony__CallBackIn {
  result: dispatch__calls__model__CallBackResult;
}

/** What a call-back found. clinician: one spoke; then a category may become less urgent. */
export interface api__doors__dispatch__waiting__CallBackIn {
  result: dispatch__waiting__model__CallBackResult;
  clinician?: boolean;
  category?: "C1" | "C2" | "C3" | "C4" | null;
}

/** Areas as a GeoJSON FeatureCollection, the smallest first. */
export interface api__doors__routing__queries__ReachView {
  topology_id: string | null;
  conditions_id: string | null;
  metric_id: string | null;
  features: ReachFeature[];
  snap_distance_m: number;
  type: "FeatureCollection";
}

/** The drives that left in one hour of the city's day. */
export interface dispatch__arrivals__views__HourView {
  name: Words;
  drives: number;
  median_error_s: EstimateView;
  p90_error_s: EstimateView;
  median_absolute_error_s: EstimateView;
  p90_absolute_error_s: EstimateView;
  late_share: EstimateView;
  within_interval_share: EstimateView;
  drives_with_interval: number;
  hour: number | null;
}

/** What came of one try. */
export type dispatch__calls__model__CallBackResult = "reached" | "no_answer" | "busy";

/** The area whose people no free unit would reach in time once this one is gone. */
export interface dispatch__choosing__views__VoidView {
  area_code: string;
  name: string;
  name_zh: string | null;
  name_en: string | null;
  people: number;
  lon: number;
  lat: number;
}

/** An area whose people no free unit reaches in time though a station could. */
export interface dispatch__coverage__views__VoidView {
  void_id: string;
  area_code: string;
  name: string | null;
  name_zh: string | null;
  name_en: string | null;
  people: number;
  most_people: number;
  lon: number;
  lat: number;
  opened_at: string;
  closed_at: string | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
}

/** One standard of a profile. */
export interface dispatch__kpis__views__StandardView {
  interval: string;
  interval_words: Words;
  categories: string[];
  statistic: string;
  at_most_s: number;
  share: number | null;
}

/** What a volunteer presses. */
export type dispatch__volunteers__lifecycle__Step = "seen" | "accepted" | "rejected" | "aed_taken" | "aed_not_there" | "on_scene" | "with_patient" | "recall_heard";

/** What a call-back found. */
export type dispatch__waiting__model__CallBackResult = "better" | "same" | "worse" | "no_answer";

/** What one night erased by a rule; `ended_at` null: broken off, the next night goes on. */
export interface gis__retention__views__RunView {
  began_at: string;
  ended_at: string | null;
  days: number;
  before_at: string;
  erased: number;
  holds: number;
}

/** Which people a layer counts, and of what year; None: the source does not say. */
export interface maps__catalogue__service__PeopleCounted {
  base: string;
  words: Words;
  year: number | null;
}

/** One district; `code` None: what lies in no district. */
export interface planning__access__views__DistrictView {
  code: string | null;
  name: string | null;
  name_zh: string | null;
  name_en: string | null;
  people: number;
  unknown: number;
  median_min: number | null;
  median_open_min: number | null;
  beyond_now: number;
  beyond_open: number;
  unreachable: number;
}

/** Which people: `base` is `resident` or `present`; `counted_on` None: no day is said. */
export interface planning__access__views__PeopleCounted {
  base: string;
  time_of_day: string;
  source: string | null;
  counted_on: string | null;
  modelled: boolean;
  people: number;
  cells: number;
}

/** Share of the city's people covered once at an hour of the day, local. */
export interface planning__coverage__views__HourView {
  hour: number;
  standard: string;
  units: number;
  share: number | null;
}

/** A station that is supposed to be there. */
export interface planning__coverage__views__SiteView {
  key: number;
  name: string;
  lon: number;
  lat: number;
  units: number;
  level: string;
}

/** A standard by its code; `limit` in seconds or metres, as its measure has it. */
export interface planning__coverage__views__StandardView {
  code: string;
  measure: string;
  words: Words;
  limit: number | null;
  share: number | null;
}

/** One district: people, and the share that either reaches in its best and its worst hour. */
export interface planning__first_aid__views__DistrictView {
  part: string;
  district: PlaceName;
  people: number;
  unknown: number;
  best: number | null;
  best_hour: number | null;
  worst: number | null;
  worst_hour: number | null;
}

/** Shares of people whom help reaches at an hour of the day, local. */
export interface planning__first_aid__views__HourView {
  hour: number;
  devices: number;
  volunteers: number;
  by_device: number | null;
  by_volunteer: number | null;
  by_either: number | null;
  by_both: number | null;
  at_most: number | null;
}

/** Accessibility of a city on its roads as they are; `unknown`: people without a road near by. */
export interface planning__opportunities__views__ReachView {
  city_id: number;
  topology_id: string | null;
  conditions_id: string | null;
  by: string;
  measure: string;
  limit_min: number;
  people: number;
  unknown: number;
  kinds: KindReach[];
  sentences: Words[];
}

/** One site; `new`: nothing stands there today; `units_before`: today. */
export interface planning__studies__views__SiteView {
  key: string;
  name: string | null;
  name_zh: string | null;
  name_en: string | null;
  lon: number;
  lat: number;
  new: boolean;
  units: number;
  units_before: number;
  share_chosen: number | null;
}

/** One disease; `joined_into` is where its series goes on, since `joined_since`. */
export interface surveillance__diseases__views__DiseaseView {
  code: string;
  words: Words;
  icd10: string[];
  sensitivity: string;
  parent: string | null;
  joined_into: string | null;
  joined_since: string | null;
  terms: TermView[];
}

/** How long a period is. */
export type surveillance__risk__model__Step = "week" | "month";

/** A disease in a city or one of its areas, as of the newest run. */
export interface surveillance__signals__curves__DiseaseView {
  city_id: number;
  disease: string;
  words: Words;
  area_code: string | null;
  place: Words;
  day: string;
  basis: Words;
  weeks: WeekView[];
  months: MonthView[];
  onsets: OnsetView[];
  reproduction: ReproductionView;
  seasons: SeasonView[];
  areas: AreaCurveView[];
  further_areas: number;
  ages: AgeView[];
}

/** A day as it was judged; `unjudged`: outcome → series, `alarms`: detector → series. */
export interface surveillance__signals__views__RunView {
  run_id: string;
  city_id: number;
  day: string;
  as_of: string;
  date_basis: string;
  area_level: string;
  alarms_a_day: number;
  false_share: number;
  least_cases: number;
  series: number;
  judged: number;
  unjudged: Record<string, number>;
  alarms: Record<string, number>;
  expected_false: number;
  signals: number;
  kept: number;
  unplaced: number;
  undated: number;
  covered: (Record<string, unknown>)[];
  threshold: Record<string, unknown> | null;
  made_at: string;
  made_by: string;
}

export type Get<P extends string> =
  P extends `/v1/guarded-tiles/${string}/${string}/${string}/${string}/${string}.mvt` | `/v1/guarded-tiles/${string}/${string}/${string}/${string}/${string}.mvt?${string}` ? string :
  P extends `/v1/tiles/${string}/${string}/${string}/${string}/${string}.mvt` | `/v1/tiles/${string}/${string}/${string}/${string}/${string}.mvt?${string}` ? string :
  P extends '/v1/planning/studies/compare/cells' | `/v1/planning/studies/compare/cells?${string}` ? CellCollection :
  P extends `/v1/map/layers/${string}/features` | `/v1/map/layers/${string}/features?${string}` ? string :
  P extends `/v1/map/layers/${string}/style` | `/v1/map/layers/${string}/style?${string}` ? LayerStyle :
  P extends `/v1/planning/minutes/${string}/cells` | `/v1/planning/minutes/${string}/cells?${string}` ? CellsView :
  P extends `/v1/planning/minutes/${string}/features` | `/v1/planning/minutes/${string}/features?${string}` ? MinutesCollection :
  P extends `/v1/planning/studies/${string}/at` | `/v1/planning/studies/${string}/at?${string}` ? AddressView :
  P extends `/v1/planning/studies/${string}/cells` | `/v1/planning/studies/${string}/cells?${string}` ? CellCollection :
  P extends `/v1/surveillance/clusters/${string}/zone` | `/v1/surveillance/clusters/${string}/zone?${string}` ? ZoneView :
  P extends `/v1/surveillance/diseases/${string}/curves` | `/v1/surveillance/diseases/${string}/curves?${string}` ? EpidemicCharts :
  P extends `/v1/surveillance/imports/${string}/rejects` | `/v1/surveillance/imports/${string}/rejects?${string}` ? RejectList :
  P extends '/v1/planning/studies/compare' | `/v1/planning/studies/compare?${string}` ? ComparisonView :
  P extends '/v1/planning/studies/kinds' | `/v1/planning/studies/kinds?${string}` ? KindsView :
  P extends '/v1/surveillance/diseases/seen' | `/v1/surveillance/diseases/seen?${string}` ? SeenDiseases :
  P extends '/v1/surveillance/institutions/decisions' | `/v1/surveillance/institutions/decisions?${string}` ? DecisionList :
  P extends '/v1/surveillance/maps/features' | `/v1/surveillance/maps/features?${string}` ? RiskCollection :
  P extends '/v1/surveillance/maps/points' | `/v1/surveillance/maps/points?${string}` ? CasePoints :
  P extends `/v1/admin/accounts/${string}` | `/v1/admin/accounts/${string}?${string}` ? AccountView :
  P extends `/v1/aeds/${string}/history` | `/v1/aeds/${string}/history?${string}` ? AedHistory :
  P extends `/v1/aeds/${string}/photo` | `/v1/aeds/${string}/photo?${string}` ? string :
  P extends `/v1/exports/${string}/file` | `/v1/exports/${string}/file?${string}` ? string :
  P extends `/v1/facilities/${string}/status` | `/v1/facilities/${string}/status?${string}` ? HospitalStatusView :
  P extends `/v1/incidents/${string}/arrest` | `/v1/incidents/${string}/arrest?${string}` ? ArrestView :
  P extends `/v1/incidents/${string}/arrivals` | `/v1/incidents/${string}/arrivals?${string}` ? Arrivals :
  P extends `/v1/incidents/${string}/calls` | `/v1/incidents/${string}/calls?${string}` ? CallsOfIncident :
  P extends `/v1/incidents/${string}/destinations` | `/v1/incidents/${string}/destinations?${string}` ? Destinations :
  P extends `/v1/incidents/${string}/mci` | `/v1/incidents/${string}/mci?${string}` ? MassCasualtyView :
  P extends `/v1/incidents/${string}/recommendation` | `/v1/incidents/${string}/recommendation?${string}` ? Recommendation :
  P extends `/v1/incidents/${string}/related` | `/v1/incidents/${string}/related?${string}` ? Related :
  P extends `/v1/incidents/${string}/safety` | `/v1/incidents/${string}/safety?${string}` ? SafetyView :
  P extends `/v1/incidents/${string}/shortfall` | `/v1/incidents/${string}/shortfall?${string}` ? ShortfallView :
  P extends `/v1/incidents/${string}/story` | `/v1/incidents/${string}/story?${string}` ? Story :
  P extends `/v1/map/style/${string}.json` | `/v1/map/style/${string}.json?${string}` ? Record<string, unknown> :
  P extends `/v1/planning/minutes/${string}` | `/v1/planning/minutes/${string}?${string}` ? MinutesView :
  P extends `/v1/planning/studies/${string}` | `/v1/planning/studies/${string}?${string}` ? StudyView :
  P extends `/v1/routing/conditions/${string}` | `/v1/routing/conditions/${string}?${string}` ? ConditionShown :
  P extends '/v1/admin/accounts' | `/v1/admin/accounts?${string}` ? AccountList :
  P extends '/v1/admin/backups' | `/v1/admin/backups?${string}` ? BackupList :
  P extends '/v1/admin/break-glass' | `/v1/admin/break-glass?${string}` ? BreakGlassList :
  P extends '/v1/admin/corrections' | `/v1/admin/corrections?${string}` ? CorrectionList :
  P extends '/v1/admin/erasures' | `/v1/admin/erasures?${string}` ? ErasureList :
  P extends '/v1/admin/health' | `/v1/admin/health?${string}` ? Findings :
  P extends '/v1/admin/holds' | `/v1/admin/holds?${string}` ? HoldList :
  P extends '/v1/admin/identity-links' | `/v1/admin/identity-links?${string}` ? LinkList :
  P extends '/v1/admin/personal-access' | `/v1/admin/personal-access?${string}` ? AccessPage :
  P extends '/v1/admin/retention' | `/v1/admin/retention?${string}` ? Register :
  P extends '/v1/admin/roles' | `/v1/admin/roles?${string}` ? RoleList :
  P extends '/v1/admin/sessions' | `/v1/admin/sessions?${string}` ? LoginList :
  P extends '/v1/admin/tokens' | `/v1/admin/tokens?${string}` ? TokenList :
  P extends '/v1/aeds/reports' | `/v1/aeds/reports?${string}` ? AedReportList :
  P extends '/v1/coverage/cells' | `/v1/coverage/cells?${string}` ? CoveredCellsView :
  P extends '/v1/coverage/rules' | `/v1/coverage/rules?${string}` ? CoverageRulesView :
  P extends '/v1/exports/kinds' | `/v1/exports/kinds?${string}` ? ExportKinds :
  P extends '/v1/kpis/file' | `/v1/kpis/file?${string}` ? string :
  P extends '/v1/kpis/profiles' | `/v1/kpis/profiles?${string}` ? ProfileList :
  P extends '/v1/map/layers' | `/v1/map/layers?${string}` ? Layers :
  P extends '/v1/moveups/plan' | `/v1/moveups/plan?${string}` ? MoveUpPlanView :
  P extends '/v1/planning/calibration' | `/v1/planning/calibration?${string}` ? CalibrationView :
  P extends '/v1/planning/coverage' | `/v1/planning/coverage?${string}` ? CoverageView :
  P extends '/v1/planning/demand' | `/v1/planning/demand?${string}` ? DemandView :
  P extends '/v1/planning/forecast' | `/v1/planning/forecast?${string}` ? ForecastView :
  P extends '/v1/planning/opportunities' | `/v1/planning/opportunities?${string}` ? planning__opportunities__views__ReachView :
  P extends '/v1/planning/recorded' | `/v1/planning/recorded?${string}` ? RecordedView :
  P extends '/v1/planning/seats' | `/v1/planning/seats?${string}` ? CallCentreView :
  P extends '/v1/planning/studies' | `/v1/planning/studies?${string}` ? StudiesView :
  P extends '/v1/routing/calibration' | `/v1/routing/calibration?${string}` ? ArrivalsView :
  P extends '/v1/routing/conditions' | `/v1/routing/conditions?${string}` ? Conditions :
  P extends '/v1/routing/versions' | `/v1/routing/versions?${string}` ? Versions :
  P extends '/v1/surveillance/clusters' | `/v1/surveillance/clusters?${string}` ? ClustersView :
  P extends '/v1/surveillance/data' | `/v1/surveillance/data?${string}` ? DataView :
  P extends '/v1/surveillance/diseases' | `/v1/surveillance/diseases?${string}` ? DiseaseList :
  P extends '/v1/surveillance/institutions' | `/v1/surveillance/institutions?${string}` ? InstitutionList :
  P extends '/v1/surveillance/maps' | `/v1/surveillance/maps?${string}` ? DiseaseMapView :
  P extends '/v1/surveillance/syndromic' | `/v1/surveillance/syndromic?${string}` ? Streams :
  P extends '/v1/surveillance/today' | `/v1/surveillance/today?${string}` ? TodayView :
  P extends '/v1/surveillance/vulnerability' | `/v1/surveillance/vulnerability?${string}` ? VulnerabilityView :
  P extends '/v1/telephony/calls' | `/v1/telephony/calls?${string}` ? OpenCalls :
  P extends '/v1/telephony/figures' | `/v1/telephony/figures?${string}` ? Answering :
  P extends `/v1/facilities/${string}` | `/v1/facilities/${string}?${string}` ? FacilityHistory :
  P extends `/v1/incidents/${string}` | `/v1/incidents/${string}?${string}` ? IncidentDetail :
  P extends `/v1/jobs/${string}` | `/v1/jobs/${string}?${string}` ? JobView :
  P extends `/v1/releases/${string}` | `/v1/releases/${string}?${string}` ? ReleaseCellsView :
  P extends `/v1/units/${string}` | `/v1/units/${string}?${string}` ? UnitDuty :
  P extends `/v1/reports/${string}.${string}` | `/v1/reports/${string}.${string}?${string}` ? string :
  P extends '/v1/advisories' | `/v1/advisories?${string}` ? AdvisoryList :
  P extends '/v1/areas' | `/v1/areas?${string}` ? Areas :
  P extends '/v1/break-glass' | `/v1/break-glass?${string}` ? BreakGlassList :
  P extends '/v1/cities' | `/v1/cities?${string}` ? Cities :
  P extends '/v1/coverage' | `/v1/coverage?${string}` ? LiveCoverageView :
  P extends '/v1/crew-alarms' | `/v1/crew-alarms?${string}` ? CrewAlarms :
  P extends '/v1/exports' | `/v1/exports?${string}` ? ExportList :
  P extends '/v1/facilities' | `/v1/facilities?${string}` ? Facilities :
  P extends '/v1/hazards' | `/v1/hazards?${string}` ? HazardList :
  P extends '/v1/incidents' | `/v1/incidents?${string}` ? IncidentPage :
  P extends '/v1/jobs' | `/v1/jobs?${string}` ? JobsPage :
  P extends '/v1/kpis' | `/v1/kpis?${string}` ? KpiView :
  P extends '/v1/lifecycle' | `/v1/lifecycle?${string}` ? LifecycleView :
  P extends '/v1/moveups' | `/v1/moveups?${string}` ? MoveUpList :
  P extends '/v1/protocol' | `/v1/protocol?${string}` ? ProtocolView :
  P extends '/v1/releases' | `/v1/releases?${string}` ? ReleasesView :
  P extends '/v1/replay' | `/v1/replay?${string}` ? ReplayView :
  P extends '/v1/reports' | `/v1/reports?${string}` ? Reports :
  P extends '/v1/session' | `/v1/session?${string}` ? Session :
  P extends '/v1/simulation' | `/v1/simulation?${string}` ? SimulationView :
  P extends '/v1/stream' | `/v1/stream?${string}` ? DomainFrame | GoneFrame | PositionsFrame | JobsFrame | PresenceFrame | TickFrame | ResyncFrame | LogoutFrame :
  P extends '/v1/surges' | `/v1/surges?${string}` ? SurgeList :
  P extends '/v1/units' | `/v1/units?${string}` ? Units :
  P extends '/v1/volunteer' | `/v1/volunteer?${string}` ? OwnVolunteer :
  P extends '/v1/volunteers' | `/v1/volunteers?${string}` ? VolunteerList :
  P extends '/v1/waiting' | `/v1/waiting?${string}` ? WaitingBoard :
  P extends '/healthz' | `/healthz?${string}` ? Health :
  never;

export type Post<P extends string> =
  P extends `/v1/surveillance/cases/${string}/findings/${string}/decision` | `/v1/surveillance/cases/${string}/findings/${string}/decision?${string}` ? FindingDecided :
  P extends `/v1/surveillance/doubles/${string}/${string}/decision` | `/v1/surveillance/doubles/${string}/${string}/decision?${string}` ? DoubleDecided :
  P extends `/v1/admin/accounts/${string}/disable` | `/v1/admin/accounts/${string}/disable?${string}` ? AccountView :
  P extends `/v1/admin/accounts/${string}/enable` | `/v1/admin/accounts/${string}/enable?${string}` ? AccountView :
  P extends `/v1/admin/accounts/${string}/password` | `/v1/admin/accounts/${string}/password?${string}` ? AccountView :
  P extends `/v1/admin/accounts/${string}/sign-out` | `/v1/admin/accounts/${string}/sign-out?${string}` ? EndedLogins :
  P extends `/v1/admin/break-glass/${string}/review` | `/v1/admin/break-glass/${string}/review?${string}` ? BreakGlassView :
  P extends `/v1/admin/holds/${string}/lift` | `/v1/admin/holds/${string}/lift?${string}` ? HoldView :
  P extends `/v1/admin/identity-links/${string}/review` | `/v1/admin/identity-links/${string}/review?${string}` ? LinkReviewed :
  P extends `/v1/admin/personal-access/${string}/reviews` | `/v1/admin/personal-access/${string}/reviews?${string}` ? ReviewView :
  P extends `/v1/aeds/reports/${string}/check` | `/v1/aeds/reports/${string}/check?${string}` ? AedReportList :
  P extends `/v1/aeds/reports/${string}/decision` | `/v1/aeds/reports/${string}/decision?${string}` ? AedReportList :
  P extends `/v1/aeds/reports/${string}/return` | `/v1/aeds/reports/${string}/return?${string}` ? AedReportList :
  P extends `/v1/assignments/${string}/orders/heard` | `/v1/assignments/${string}/orders/heard?${string}` ? OrderView :
  P extends `/v1/assignments/${string}/place/acknowledge` | `/v1/assignments/${string}/place/acknowledge?${string}` ? AssignmentView :
  P extends `/v1/coverage/voids/${string}/acknowledge` | `/v1/coverage/voids/${string}/acknowledge?${string}` ? dispatch__coverage__views__VoidView :
  P extends `/v1/incidents/${string}/alarms/acknowledge` | `/v1/incidents/${string}/alarms/acknowledge?${string}` ? IncidentView :
  P extends `/v1/incidents/${string}/arrest/stand-down` | `/v1/incidents/${string}/arrest/stand-down?${string}` ? ArrestView :
  P extends `/v1/incidents/${string}/duplicate/undo` | `/v1/incidents/${string}/duplicate/undo?${string}` ? IncidentView :
  P extends `/v1/incidents/${string}/mci/end` | `/v1/incidents/${string}/mci/end?${string}` ? MassCasualtyView :
  P extends `/v1/incidents/${string}/safety/staging` | `/v1/incidents/${string}/safety/staging?${string}` ? SafetyView :
  P extends `/v1/incidents/${string}/safety/told` | `/v1/incidents/${string}/safety/told?${string}` ? SafetyView :
  P extends `/v1/incidents/${string}/triage/preview` | `/v1/incidents/${string}/triage/preview?${string}` ? PlanChanges :
  P extends `/v1/planning/studies/${string}/share` | `/v1/planning/studies/${string}/share?${string}` ? StudyView :
  P extends `/v1/planning/studies/${string}/stop` | `/v1/planning/studies/${string}/stop?${string}` ? StudyView :
  P extends `/v1/routing/conditions/${string}/end` | `/v1/routing/conditions/${string}/end?${string}` ? ConditionShown :
  P extends `/v1/routing/conditions/${string}/extend` | `/v1/routing/conditions/${string}/extend?${string}` ? ConditionShown :
  P extends `/v1/surveillance/cases/${string}/card` | `/v1/surveillance/cases/${string}/card?${string}` ? CaseCard :
  P extends `/v1/surveillance/reporters/${string}/end` | `/v1/surveillance/reporters/${string}/end?${string}` ? ReporterEnded :
  P extends `/v1/surveillance/signals/${string}/advisory` | `/v1/surveillance/signals/${string}/advisory?${string}` ? SignalView :
  P extends `/v1/surveillance/signals/${string}/decision` | `/v1/surveillance/signals/${string}/decision?${string}` ? SignalView :
  P extends `/v1/units/${string}/welfare/well` | `/v1/units/${string}/welfare/well?${string}` ? WelfareView :
  P extends `/v1/volunteer/alerts/${string}/steps` | `/v1/volunteer/alerts/${string}/steps?${string}` ? OwnVolunteer :
  P extends '/v1/incidents/search/caller' | `/v1/incidents/search/caller?${string}` ? IncidentPage :
  P extends '/v1/routing/conditions/permits' | `/v1/routing/conditions/permits?${string}` ? ConditionShown :
  P extends '/v1/routing/conditions/preview' | `/v1/routing/conditions/preview?${string}` ? PreviewShown :
  P extends '/v1/surveillance/imports/preview' | `/v1/surveillance/imports/preview?${string}` ? FileUnderstood :
  P extends '/v1/surveillance/institutions/decisions' | `/v1/surveillance/institutions/decisions?${string}` ? DecisionList :
  P extends `/v1/advisories/${string}/acknowledge` | `/v1/advisories/${string}/acknowledge?${string}` ? AdvisoryView :
  P extends `/v1/aeds/${string}/reports` | `/v1/aeds/${string}/reports?${string}` ? AedReported :
  P extends `/v1/aeds/${string}/restock` | `/v1/aeds/${string}/restock?${string}` ? Restocked :
  P extends `/v1/assignments/${string}/deviation` | `/v1/assignments/${string}/deviation?${string}` ? AssignmentView :
  P extends `/v1/assignments/${string}/stamps` | `/v1/assignments/${string}/stamps?${string}` ? AssignmentView :
  P extends `/v1/assignments/${string}/undo-stamp` | `/v1/assignments/${string}/undo-stamp?${string}` ? AssignmentView :
  P extends `/v1/break-glass/${string}/end` | `/v1/break-glass/${string}/end?${string}` ? BreakGlassView :
  P extends `/v1/calls/${string}/call-backs` | `/v1/calls/${string}/call-backs?${string}` ? TelephoneCallView :
  P extends `/v1/calls/${string}/location-links` | `/v1/calls/${string}/location-links?${string}` ? LinkMade :
  P extends `/v1/calls/${string}/silent` | `/v1/calls/${string}/silent?${string}` ? TelephoneCallView :
  P extends `/v1/casualties/${string}/arrive` | `/v1/casualties/${string}/arrive?${string}` ? CasualtyView :
  P extends `/v1/casualties/${string}/leave` | `/v1/casualties/${string}/leave?${string}` ? CasualtyView :
  P extends `/v1/casualties/${string}/release` | `/v1/casualties/${string}/release?${string}` ? CasualtyView :
  P extends `/v1/casualties/${string}/sector` | `/v1/casualties/${string}/sector?${string}` ? CasualtyView :
  P extends `/v1/casualties/${string}/sort` | `/v1/casualties/${string}/sort?${string}` ? CasualtyView :
  P extends `/v1/distress/${string}/acknowledge` | `/v1/distress/${string}/acknowledge?${string}` ? DistressView :
  P extends `/v1/distress/${string}/end` | `/v1/distress/${string}/end?${string}` ? DistressView :
  P extends `/v1/diversions/${string}/answer` | `/v1/diversions/${string}/answer?${string}` ? OfferView :
  P extends `/v1/diversions/${string}/withdraw` | `/v1/diversions/${string}/withdraw?${string}` ? OfferView :
  P extends `/v1/exports/${string}/decision` | `/v1/exports/${string}/decision?${string}` ? ExportView :
  P extends `/v1/hazards/${string}/end` | `/v1/hazards/${string}/end?${string}` ? HazardView :
  P extends `/v1/incidents/${string}/aid` | `/v1/incidents/${string}/aid?${string}` ? MassCasualtyView :
  P extends `/v1/incidents/${string}/arrest` | `/v1/incidents/${string}/arrest?${string}` ? ArrestView :
  P extends `/v1/incidents/${string}/assignments` | `/v1/incidents/${string}/assignments?${string}` ? SentView :
  P extends `/v1/incidents/${string}/call-back` | `/v1/incidents/${string}/call-back?${string}` ? IncidentView :
  P extends `/v1/incidents/${string}/caller` | `/v1/incidents/${string}/caller?${string}` ? Callers :
  P extends `/v1/incidents/${string}/cancel` | `/v1/incidents/${string}/cancel?${string}` ? IncidentView :
  P extends `/v1/incidents/${string}/casualties` | `/v1/incidents/${string}/casualties?${string}` ? CasualtyView :
  P extends `/v1/incidents/${string}/close` | `/v1/incidents/${string}/close?${string}` ? IncidentView :
  P extends `/v1/incidents/${string}/diversions` | `/v1/incidents/${string}/diversions?${string}` ? OfferView :
  P extends `/v1/incidents/${string}/duplicate` | `/v1/incidents/${string}/duplicate?${string}` ? IncidentView :
  P extends `/v1/incidents/${string}/log` | `/v1/incidents/${string}/log?${string}` ? IncidentLog :
  P extends `/v1/incidents/${string}/merge` | `/v1/incidents/${string}/merge?${string}` ? IncidentView :
  P extends `/v1/incidents/${string}/patients` | `/v1/incidents/${string}/patients?${string}` ? PatientView :
  P extends `/v1/incidents/${string}/remarks` | `/v1/incidents/${string}/remarks?${string}` ? Remarked :
  P extends `/v1/incidents/${string}/reopen` | `/v1/incidents/${string}/reopen?${string}` ? IncidentView :
  P extends `/v1/incidents/${string}/take-over` | `/v1/incidents/${string}/take-over?${string}` ? IncidentView :
  P extends `/v1/incidents/${string}/undo-end` | `/v1/incidents/${string}/undo-end?${string}` ? IncidentView :
  P extends `/v1/jobs/${string}/cancel` | `/v1/jobs/${string}/cancel?${string}` ? JobView :
  P extends `/v1/jobs/${string}/retry` | `/v1/jobs/${string}/retry?${string}` ? JobView :
  P extends `/v1/moveups/${string}/end` | `/v1/moveups/${string}/end?${string}` ? MoveUpView :
  P extends `/v1/surges/${string}/end` | `/v1/surges/${string}/end?${string}` ? SurgeView :
  P extends `/v1/units/${string}/distress` | `/v1/units/${string}/distress?${string}` ? DistressView :
  P extends `/v1/units/${string}/in-service` | `/v1/units/${string}/in-service?${string}` ? UnitView :
  P extends `/v1/units/${string}/out-of-service` | `/v1/units/${string}/out-of-service?${string}` ? UnitView :
  P extends `/v1/units/${string}/shift-end` | `/v1/units/${string}/shift-end?${string}` ? UnitView :
  P extends `/v1/units/${string}/trackers` | `/v1/units/${string}/trackers?${string}` ? TrackerOnBoard :
  P extends `/v1/volunteer-alerts/${string}/recall-heard` | `/v1/volunteer-alerts/${string}/recall-heard?${string}` ? ArrestView :
  P extends `/v1/volunteers/${string}/end` | `/v1/volunteers/${string}/end?${string}` ? VolunteerView :
  P extends `/v1/volunteers/${string}/verification` | `/v1/volunteers/${string}/verification?${string}` ? VolunteerView :
  P extends '/v1/admin/accounts' | `/v1/admin/accounts?${string}` ? AccountView :
  P extends '/v1/admin/backups' | `/v1/admin/backups?${string}` ? JobView :
  P extends '/v1/admin/corrections' | `/v1/admin/corrections?${string}` ? CorrectionView :
  P extends '/v1/admin/erasures' | `/v1/admin/erasures?${string}` ? ErasureList :
  P extends '/v1/admin/holds' | `/v1/admin/holds?${string}` ? HoldView :
  P extends '/v1/admin/personal-values' | `/v1/admin/personal-values?${string}` ? KeptList :
  P extends '/v1/admin/roles' | `/v1/admin/roles?${string}` ? StoredRole :
  P extends '/v1/admin/tokens' | `/v1/admin/tokens?${string}` ? NewToken :
  P extends '/v1/aeds/around' | `/v1/aeds/around?${string}` ? AedsAround :
  P extends '/v1/aeds/nearest' | `/v1/aeds/nearest?${string}` ? AedsFound :
  P extends '/v1/avl/osmand' | `/v1/avl/osmand?${string}` ? PositionsResult :
  P extends '/v1/avl/owntracks' | `/v1/avl/owntracks?${string}` ? PositionsResult :
  P extends '/v1/avl/traccar' | `/v1/avl/traccar?${string}` ? PositionsResult :
  P extends '/v1/incidents/caller' | `/v1/incidents/caller?${string}` ? Callers :
  P extends '/v1/incidents/search' | `/v1/incidents/search?${string}` ? IncidentPage :
  P extends '/v1/kpis/judged' | `/v1/kpis/judged?${string}` ? KpiView :
  P extends '/v1/location-links/use' | `/v1/location-links/use?${string}` ? LinkUsed :
  P extends '/v1/places/search' | `/v1/places/search?${string}` ? PlacesFound :
  P extends '/v1/planning/coverage' | `/v1/planning/coverage?${string}` ? CoverageView :
  P extends '/v1/planning/first-aid' | `/v1/planning/first-aid?${string}` ? FirstAidView :
  P extends '/v1/planning/studies' | `/v1/planning/studies?${string}` ? StudyView :
  P extends '/v1/routing/conditions' | `/v1/routing/conditions?${string}` ? ConditionStored :
  P extends '/v1/routing/isochrone' | `/v1/routing/isochrone?${string}` ? api__doors__routing__queries__ReachView :
  P extends '/v1/routing/matrix' | `/v1/routing/matrix?${string}` ? MatrixHead | (number | null)[] :
  P extends '/v1/routing/nearest' | `/v1/routing/nearest?${string}` ? NearestView :
  P extends '/v1/routing/route' | `/v1/routing/route?${string}` ? TripView :
  P extends '/v1/routing/snap' | `/v1/routing/snap?${string}` ? Snapped :
  P extends '/v1/simulation/sites' | `/v1/simulation/sites?${string}` ? Sites :
  P extends '/v1/surveillance/budget' | `/v1/surveillance/budget?${string}` ? BudgetView :
  P extends '/v1/surveillance/imports' | `/v1/surveillance/imports?${string}` ? JobView :
  P extends '/v1/surveillance/uploads' | `/v1/surveillance/uploads?${string}` ? UploadedView :
  P extends '/v1/telephony/aml-sms' | `/v1/telephony/aml-sms?${string}` ? FixTaken :
  P extends '/v1/telephony/calls' | `/v1/telephony/calls?${string}` ? TelephoneCallView :
  P extends '/v1/telephony/els' | `/v1/telephony/els?${string}` ? FormTaken :
  P extends `/v1/aid/${string}` | `/v1/aid/${string}?${string}` ? MassCasualtyView :
  P extends `/v1/reports/${string}` | `/v1/reports/${string}?${string}` ? JobView :
  P extends '/v1/break-glass' | `/v1/break-glass?${string}` ? BreakGlassView :
  P extends '/v1/calls' | `/v1/calls?${string}` ? CallTaken :
  P extends '/v1/cities' | `/v1/cities?${string}` ? JobView :
  P extends '/v1/exports' | `/v1/exports?${string}` ? ExportView :
  P extends '/v1/hazards' | `/v1/hazards?${string}` ? HazardView :
  P extends '/v1/moveups' | `/v1/moveups?${string}` ? MoveUpView :
  P extends '/v1/positions' | `/v1/positions?${string}` ? PositionsResult :
  P extends '/v1/session' | `/v1/session?${string}` ? Session :
  P extends '/v1/surges' | `/v1/surges?${string}` ? SurgeView :
  P extends '/v1/volunteers' | `/v1/volunteers?${string}` ? VolunteerView :
  never;

export type PostBody<P extends string> =
  P extends `/v1/surveillance/cases/${string}/findings/${string}/decision` | `/v1/surveillance/cases/${string}/findings/${string}/decision?${string}` ? FindingDecisionIn :
  P extends `/v1/surveillance/doubles/${string}/${string}/decision` | `/v1/surveillance/doubles/${string}/${string}/decision?${string}` ? DoubleDecisionIn :
  P extends `/v1/admin/accounts/${string}/disable` | `/v1/admin/accounts/${string}/disable?${string}` ? undefined :
  P extends `/v1/admin/accounts/${string}/enable` | `/v1/admin/accounts/${string}/enable?${string}` ? undefined :
  P extends `/v1/admin/accounts/${string}/password` | `/v1/admin/accounts/${string}/password?${string}` ? PasswordIn :
  P extends `/v1/admin/accounts/${string}/sign-out` | `/v1/admin/accounts/${string}/sign-out?${string}` ? undefined :
  P extends `/v1/admin/break-glass/${string}/review` | `/v1/admin/break-glass/${string}/review?${string}` ? VerdictIn :
  P extends `/v1/admin/holds/${string}/lift` | `/v1/admin/holds/${string}/lift?${string}` ? RetentionReasonIn :
  P extends `/v1/admin/identity-links/${string}/review` | `/v1/admin/identity-links/${string}/review?${string}` ? undefined :
  P extends `/v1/admin/personal-access/${string}/reviews` | `/v1/admin/personal-access/${string}/reviews?${string}` ? VerdictIn :
  P extends `/v1/aeds/reports/${string}/check` | `/v1/aeds/reports/${string}/check?${string}` ? undefined :
  P extends `/v1/aeds/reports/${string}/decision` | `/v1/aeds/reports/${string}/decision?${string}` ? AedDecisionIn :
  P extends `/v1/aeds/reports/${string}/return` | `/v1/aeds/reports/${string}/return?${string}` ? undefined :
  P extends `/v1/assignments/${string}/orders/heard` | `/v1/assignments/${string}/orders/heard?${string}` ? HeardIn :
  P extends `/v1/assignments/${string}/place/acknowledge` | `/v1/assignments/${string}/place/acknowledge?${string}` ? PlaceHeardIn :
  P extends `/v1/coverage/voids/${string}/acknowledge` | `/v1/coverage/voids/${string}/acknowledge?${string}` ? undefined :
  P extends `/v1/incidents/${string}/alarms/acknowledge` | `/v1/incidents/${string}/alarms/acknowledge?${string}` ? AlarmsIn :
  P extends `/v1/incidents/${string}/arrest/stand-down` | `/v1/incidents/${string}/arrest/stand-down?${string}` ? undefined :
  P extends `/v1/incidents/${string}/duplicate/undo` | `/v1/incidents/${string}/duplicate/undo?${string}` ? undefined :
  P extends `/v1/incidents/${string}/mci/end` | `/v1/incidents/${string}/mci/end?${string}` ? undefined :
  P extends `/v1/incidents/${string}/safety/staging` | `/v1/incidents/${string}/safety/staging?${string}` ? StagingIn :
  P extends `/v1/incidents/${string}/safety/told` | `/v1/incidents/${string}/safety/told?${string}` ? ToldIn :
  P extends `/v1/incidents/${string}/triage/preview` | `/v1/incidents/${string}/triage/preview?${string}` ? TriageIn :
  P extends `/v1/planning/studies/${string}/share` | `/v1/planning/studies/${string}/share?${string}` ? ShareIn :
  P extends `/v1/planning/studies/${string}/stop` | `/v1/planning/studies/${string}/stop?${string}` ? undefined :
  P extends `/v1/routing/conditions/${string}/end` | `/v1/routing/conditions/${string}/end?${string}` ? undefined :
  P extends `/v1/routing/conditions/${string}/extend` | `/v1/routing/conditions/${string}/extend?${string}` ? ExtendIn :
  P extends `/v1/surveillance/cases/${string}/card` | `/v1/surveillance/cases/${string}/card?${string}` ? LookIn :
  P extends `/v1/surveillance/reporters/${string}/end` | `/v1/surveillance/reporters/${string}/end?${string}` ? ReporterEndIn :
  P extends `/v1/surveillance/signals/${string}/advisory` | `/v1/surveillance/signals/${string}/advisory?${string}` ? AdvisoryIn :
  P extends `/v1/surveillance/signals/${string}/decision` | `/v1/surveillance/signals/${string}/decision?${string}` ? SignalDecisionIn :
  P extends `/v1/units/${string}/welfare/well` | `/v1/units/${string}/welfare/well?${string}` ? WellIn :
  P extends `/v1/volunteer/alerts/${string}/steps` | `/v1/volunteer/alerts/${string}/steps?${string}` ? StepIn :
  P extends '/v1/incidents/search/caller' | `/v1/incidents/search/caller?${string}` ? FindCallerIn :
  P extends '/v1/routing/conditions/permits' | `/v1/routing/conditions/permits?${string}` ? PermitIn :
  P extends '/v1/routing/conditions/preview' | `/v1/routing/conditions/preview?${string}` ? PreviewIn :
  P extends '/v1/surveillance/imports/preview' | `/v1/surveillance/imports/preview?${string}` ? CaseFileIn :
  P extends '/v1/surveillance/institutions/decisions' | `/v1/surveillance/institutions/decisions?${string}` ? InstitutionDecisionIn :
  P extends `/v1/advisories/${string}/acknowledge` | `/v1/advisories/${string}/acknowledge?${string}` ? undefined :
  P extends `/v1/aeds/${string}/reports` | `/v1/aeds/${string}/reports?${string}` ? AedReportIn :
  P extends `/v1/aeds/${string}/restock` | `/v1/aeds/${string}/restock?${string}` ? undefined :
  P extends `/v1/assignments/${string}/deviation` | `/v1/assignments/${string}/deviation?${string}` ? DeviationIn :
  P extends `/v1/assignments/${string}/stamps` | `/v1/assignments/${string}/stamps?${string}` ? StampIn :
  P extends `/v1/assignments/${string}/undo-stamp` | `/v1/assignments/${string}/undo-stamp?${string}` ? UndoIn :
  P extends `/v1/break-glass/${string}/end` | `/v1/break-glass/${string}/end?${string}` ? undefined :
  P extends `/v1/calls/${string}/call-backs` | `/v1/calls/${string}/call-backs?${string}` ? api__doors__dispatch__telephony__CallBackIn :
  P extends `/v1/calls/${string}/location-links` | `/v1/calls/${string}/location-links?${string}` ? undefined :
  P extends `/v1/calls/${string}/silent` | `/v1/calls/${string}/silent?${string}` ? SilentIn :
  P extends `/v1/casualties/${string}/arrive` | `/v1/casualties/${string}/arrive?${string}` ? undefined :
  P extends `/v1/casualties/${string}/leave` | `/v1/casualties/${string}/leave?${string}` ? LeaveIn :
  P extends `/v1/casualties/${string}/release` | `/v1/casualties/${string}/release?${string}` ? undefined :
  P extends `/v1/casualties/${string}/sector` | `/v1/casualties/${string}/sector?${string}` ? SectorIn :
  P extends `/v1/casualties/${string}/sort` | `/v1/casualties/${string}/sort?${string}` ? SortIn :
  P extends `/v1/distress/${string}/acknowledge` | `/v1/distress/${string}/acknowledge?${string}` ? api__doors__dispatch__crew_safety__SeenIn :
  P extends `/v1/distress/${string}/end` | `/v1/distress/${string}/end?${string}` ? undefined :
  P extends `/v1/diversions/${string}/answer` | `/v1/diversions/${string}/answer?${string}` ? DiversionAnswerIn :
  P extends `/v1/diversions/${string}/withdraw` | `/v1/diversions/${string}/withdraw?${string}` ? undefined :
  P extends `/v1/exports/${string}/decision` | `/v1/exports/${string}/decision?${string}` ? DecisionIn :
  P extends `/v1/hazards/${string}/end` | `/v1/hazards/${string}/end?${string}` ? undefined :
  P extends `/v1/incidents/${string}/aid` | `/v1/incidents/${string}/aid?${string}` ? AidIn :
  P extends `/v1/incidents/${string}/arrest` | `/v1/incidents/${string}/arrest?${string}` ? undefined :
  P extends `/v1/incidents/${string}/assignments` | `/v1/incidents/${string}/assignments?${string}` ? AssignmentIn :
  P extends `/v1/incidents/${string}/call-back` | `/v1/incidents/${string}/call-back?${string}` ? api__doors__dispatch__waiting__CallBackIn :
  P extends `/v1/incidents/${string}/caller` | `/v1/incidents/${string}/caller?${string}` ? ReasonIn :
  P extends `/v1/incidents/${string}/cancel` | `/v1/incidents/${string}/cancel?${string}` ? ReasonIn :
  P extends `/v1/incidents/${string}/casualties` | `/v1/incidents/${string}/casualties?${string}` ? CasualtyIn :
  P extends `/v1/incidents/${string}/close` | `/v1/incidents/${string}/close?${string}` ? CloseIn :
  P extends `/v1/incidents/${string}/diversions` | `/v1/incidents/${string}/diversions?${string}` ? DiversionIn :
  P extends `/v1/incidents/${string}/duplicate` | `/v1/incidents/${string}/duplicate?${string}` ? DuplicateIn :
  P extends `/v1/incidents/${string}/log` | `/v1/incidents/${string}/log?${string}` ? ReasonIn :
  P extends `/v1/incidents/${string}/merge` | `/v1/incidents/${string}/merge?${string}` ? MergeIn :
  P extends `/v1/incidents/${string}/patients` | `/v1/incidents/${string}/patients?${string}` ? PatientIn :
  P extends `/v1/incidents/${string}/remarks` | `/v1/incidents/${string}/remarks?${string}` ? RemarkIn :
  P extends `/v1/incidents/${string}/reopen` | `/v1/incidents/${string}/reopen?${string}` ? undefined :
  P extends `/v1/incidents/${string}/take-over` | `/v1/incidents/${string}/take-over?${string}` ? undefined :
  P extends `/v1/incidents/${string}/undo-end` | `/v1/incidents/${string}/undo-end?${string}` ? undefined :
  P extends `/v1/jobs/${string}/cancel` | `/v1/jobs/${string}/cancel?${string}` ? undefined :
  P extends `/v1/jobs/${string}/retry` | `/v1/jobs/${string}/retry?${string}` ? undefined :
  P extends `/v1/moveups/${string}/end` | `/v1/moveups/${string}/end?${string}` ? undefined :
  P extends `/v1/surges/${string}/end` | `/v1/surges/${string}/end?${string}` ? undefined :
  P extends `/v1/units/${string}/distress` | `/v1/units/${string}/distress?${string}` ? undefined :
  P extends `/v1/units/${string}/in-service` | `/v1/units/${string}/in-service?${string}` ? undefined :
  P extends `/v1/units/${string}/out-of-service` | `/v1/units/${string}/out-of-service?${string}` ? OutOfServiceIn :
  P extends `/v1/units/${string}/shift-end` | `/v1/units/${string}/shift-end?${string}` ? ShiftEndIn :
  P extends `/v1/units/${string}/trackers` | `/v1/units/${string}/trackers?${string}` ? TrackerIn :
  P extends `/v1/volunteer-alerts/${string}/recall-heard` | `/v1/volunteer-alerts/${string}/recall-heard?${string}` ? undefined :
  P extends `/v1/volunteers/${string}/end` | `/v1/volunteers/${string}/end?${string}` ? undefined :
  P extends `/v1/volunteers/${string}/verification` | `/v1/volunteers/${string}/verification?${string}` ? undefined :
  P extends '/v1/admin/accounts' | `/v1/admin/accounts?${string}` ? AccountIn :
  P extends '/v1/admin/backups' | `/v1/admin/backups?${string}` ? undefined :
  P extends '/v1/admin/corrections' | `/v1/admin/corrections?${string}` ? CorrectionIn :
  P extends '/v1/admin/erasures' | `/v1/admin/erasures?${string}` ? ErasureIn :
  P extends '/v1/admin/holds' | `/v1/admin/holds?${string}` ? HoldIn :
  P extends '/v1/admin/personal-values' | `/v1/admin/personal-values?${string}` ? KeptIn :
  P extends '/v1/admin/roles' | `/v1/admin/roles?${string}` ? RoleIn :
  P extends '/v1/admin/tokens' | `/v1/admin/tokens?${string}` ? TokenIn :
  P extends '/v1/aeds/around' | `/v1/aeds/around?${string}` ? AedsAroundIn :
  P extends '/v1/aeds/nearest' | `/v1/aeds/nearest?${string}` ? NearestAedsIn :
  P extends '/v1/avl/osmand' | `/v1/avl/osmand?${string}` ? undefined :
  P extends '/v1/avl/owntracks' | `/v1/avl/owntracks?${string}` ? undefined :
  P extends '/v1/avl/traccar' | `/v1/avl/traccar?${string}` ? undefined :
  P extends '/v1/incidents/caller' | `/v1/incidents/caller?${string}` ? CallerIn :
  P extends '/v1/incidents/search' | `/v1/incidents/search?${string}` ? FindIn :
  P extends '/v1/kpis/judged' | `/v1/kpis/judged?${string}` ? OwnProfileIn :
  P extends '/v1/location-links/use' | `/v1/location-links/use?${string}` ? PhonePlaceIn :
  P extends '/v1/places/search' | `/v1/places/search?${string}` ? SearchIn :
  P extends '/v1/planning/coverage' | `/v1/planning/coverage?${string}` ? WhatIfIn :
  P extends '/v1/planning/first-aid' | `/v1/planning/first-aid?${string}` ? CircleIn :
  P extends '/v1/planning/studies' | `/v1/planning/studies?${string}` ? StudyIn :
  P extends '/v1/routing/conditions' | `/v1/routing/conditions?${string}` ? ConditionIn :
  P extends '/v1/routing/isochrone' | `/v1/routing/isochrone?${string}` ? IsochroneIn :
  P extends '/v1/routing/matrix' | `/v1/routing/matrix?${string}` ? MatrixIn :
  P extends '/v1/routing/nearest' | `/v1/routing/nearest?${string}` ? NearestIn :
  P extends '/v1/routing/route' | `/v1/routing/route?${string}` ? RouteIn :
  P extends '/v1/routing/snap' | `/v1/routing/snap?${string}` ? SnapIn :
  P extends '/v1/simulation/sites' | `/v1/simulation/sites?${string}` ? SitesIn :
  P extends '/v1/surveillance/budget' | `/v1/surveillance/budget?${string}` ? BudgetIn :
  P extends '/v1/surveillance/imports' | `/v1/surveillance/imports?${string}` ? CaseFileIn :
  P extends '/v1/surveillance/uploads' | `/v1/surveillance/uploads?${string}` ? UploadPartIn :
  P extends '/v1/telephony/aml-sms' | `/v1/telephony/aml-sms?${string}` ? AmlSmsIn :
  P extends '/v1/telephony/calls' | `/v1/telephony/calls?${string}` ? ExchangeReportIn :
  P extends '/v1/telephony/els' | `/v1/telephony/els?${string}` ? undefined :
  P extends `/v1/aid/${string}` | `/v1/aid/${string}?${string}` ? AidAnswerIn :
  P extends `/v1/reports/${string}` | `/v1/reports/${string}?${string}` ? ReportIn :
  P extends '/v1/break-glass' | `/v1/break-glass?${string}` ? BreakGlassIn :
  P extends '/v1/calls' | `/v1/calls?${string}` ? CallIn :
  P extends '/v1/cities' | `/v1/cities?${string}` ? CityIn :
  P extends '/v1/exports' | `/v1/exports?${string}` ? ExportIn :
  P extends '/v1/hazards' | `/v1/hazards?${string}` ? HazardIn :
  P extends '/v1/moveups' | `/v1/moveups?${string}` ? MoveUpIn :
  P extends '/v1/positions' | `/v1/positions?${string}` ? PositionsIn :
  P extends '/v1/session' | `/v1/session?${string}` ? LoginIn :
  P extends '/v1/surges' | `/v1/surges?${string}` ? SurgeIn :
  P extends '/v1/volunteers' | `/v1/volunteers?${string}` ? VolunteerIn :
  never;

export type Put<P extends string> =
  P extends `/v1/admin/accounts/${string}/unit` | `/v1/admin/accounts/${string}/unit?${string}` ? BoundView :
  P extends `/v1/admin/retention/${string}/period` | `/v1/admin/retention/${string}/period?${string}` ? Register :
  P extends `/v1/admin/roles/${string}/permissions` | `/v1/admin/roles/${string}/permissions?${string}` ? StoredRole :
  P extends `/v1/incidents/${string}/safety/danger` | `/v1/incidents/${string}/safety/danger?${string}` ? SafetyView :
  P extends `/v1/incidents/${string}/desks/${string}` | `/v1/incidents/${string}/desks/${string}?${string}` ? Desks :
  P extends '/v1/routing/conditions/speeds' | `/v1/routing/conditions/speeds?${string}` ? SpeedsStored :
  P extends `/v1/assignments/${string}/destination` | `/v1/assignments/${string}/destination?${string}` ? AssignmentView :
  P extends `/v1/casualties/${string}/hospital` | `/v1/casualties/${string}/hospital?${string}` ? CasualtyView :
  P extends `/v1/facilities/${string}/status` | `/v1/facilities/${string}/status?${string}` ? HospitalStatusView :
  P extends `/v1/incidents/${string}/mci` | `/v1/incidents/${string}/mci?${string}` ? MassCasualtyView :
  P extends `/v1/incidents/${string}/place` | `/v1/incidents/${string}/place?${string}` ? IncidentView :
  P extends `/v1/incidents/${string}/triage` | `/v1/incidents/${string}/triage?${string}` ? IncidentView :
  P extends `/v1/units/${string}/welfare` | `/v1/units/${string}/welfare?${string}` ? WelfareView :
  P extends '/v1/coverage/rules' | `/v1/coverage/rules?${string}` ? CoverageRulesView :
  P extends '/v1/volunteer/duty' | `/v1/volunteer/duty?${string}` ? OwnVolunteer :
  P extends '/v1/volunteer/position' | `/v1/volunteer/position?${string}` ? OwnVolunteer :
  never;

export type PutBody<P extends string> =
  P extends `/v1/admin/accounts/${string}/unit` | `/v1/admin/accounts/${string}/unit?${string}` ? api__doors__dispatch__crew_safety__BindIn :
  P extends `/v1/admin/retention/${string}/period` | `/v1/admin/retention/${string}/period?${string}` ? PeriodIn :
  P extends `/v1/admin/roles/${string}/permissions` | `/v1/admin/roles/${string}/permissions?${string}` ? PermissionsIn :
  P extends `/v1/incidents/${string}/safety/danger` | `/v1/incidents/${string}/safety/danger?${string}` ? DangerIn :
  P extends `/v1/incidents/${string}/desks/${string}` | `/v1/incidents/${string}/desks/${string}?${string}` ? undefined :
  P extends '/v1/routing/conditions/speeds' | `/v1/routing/conditions/speeds?${string}` ? SpeedsIn :
  P extends `/v1/assignments/${string}/destination` | `/v1/assignments/${string}/destination?${string}` ? DestinationIn :
  P extends `/v1/casualties/${string}/hospital` | `/v1/casualties/${string}/hospital?${string}` ? api__doors__dispatch__casualties__BindIn :
  P extends `/v1/facilities/${string}/status` | `/v1/facilities/${string}/status?${string}` ? StatusIn :
  P extends `/v1/incidents/${string}/mci` | `/v1/incidents/${string}/mci?${string}` ? DeclareIn :
  P extends `/v1/incidents/${string}/place` | `/v1/incidents/${string}/place?${string}` ? PlaceIn :
  P extends `/v1/incidents/${string}/triage` | `/v1/incidents/${string}/triage?${string}` ? TriageIn :
  P extends `/v1/units/${string}/welfare` | `/v1/units/${string}/welfare?${string}` ? WelfareIn :
  P extends '/v1/coverage/rules' | `/v1/coverage/rules?${string}` ? RulesIn :
  P extends '/v1/volunteer/duty' | `/v1/volunteer/duty?${string}` ? DutyIn :
  P extends '/v1/volunteer/position' | `/v1/volunteer/position?${string}` ? OwnPositionIn :
  never;

export type Patch<P extends string> =
  P extends `/v1/admin/accounts/${string}` | `/v1/admin/accounts/${string}?${string}` ? AccountView :
  P extends `/v1/calls/${string}` | `/v1/calls/${string}?${string}` ? CallNoted :
  P extends '/v1/simulation' | `/v1/simulation?${string}` ? SimulationView :
  never;

export type PatchBody<P extends string> =
  P extends `/v1/admin/accounts/${string}` | `/v1/admin/accounts/${string}?${string}` ? AccountChange :
  P extends `/v1/calls/${string}` | `/v1/calls/${string}?${string}` ? CallNoteIn :
  P extends '/v1/simulation' | `/v1/simulation?${string}` ? SimulationIn :
  never;

export type Delete<P extends string> =
  P extends `/v1/admin/roles/${string}` | `/v1/admin/roles/${string}?${string}` ? RoleRemoved :
  P extends `/v1/admin/sessions/${string}` | `/v1/admin/sessions/${string}?${string}` ? EndedLogins :
  P extends `/v1/admin/tokens/${string}` | `/v1/admin/tokens/${string}?${string}` ? EndedLogins :
  P extends `/v1/casualties/${string}/hospital` | `/v1/casualties/${string}/hospital?${string}` ? CasualtyView :
  P extends `/v1/planning/studies/${string}` | `/v1/planning/studies/${string}?${string}` ? StudiesView :
  P extends `/v1/units/${string}/welfare` | `/v1/units/${string}/welfare?${string}` ? WelfareView :
  P extends `/v1/desks/${string}` | `/v1/desks/${string}?${string}` ? Desks :
  P extends '/v1/session' | `/v1/session?${string}` ? LoggedOut :
  never;

/** The key of a text that some page has. */
export type Key =
  | keyof typeof import('./words/common.js').COMMON
  | keyof typeof import('./words/errors.js').ERRORS
  | keyof typeof import('./admin/words.js').WORDS
  | keyof typeof import('./aed/words.js').WORDS
  | keyof typeof import('./aed_reports/words.js').WORDS
  | keyof typeof import('./cdc/words.js').WORDS
  | keyof typeof import('./chart/words.js').WORDS
  | keyof typeof import('./console/roads/words.js').WORDS
  | keyof typeof import('./console/safety/words.js').WORDS
  | keyof typeof import('./console/words.js').WORDS
  | keyof typeof import('./exports/words.js').WORDS
  | keyof typeof import('./glass/words.js').WORDS
  | keyof typeof import('./home/words.js').WORDS
  | keyof typeof import('./kpis/words.js').WORDS
  | keyof typeof import('./layers/words.js').WORDS
  | keyof typeof import('./locate/words.js').WORDS
  | keyof typeof import('./login/words.js').WORDS
  | keyof typeof import('./map/words.js').WORDS
  | keyof typeof import('./planner/recorded/words.js').WORDS
  | keyof typeof import('./planner/studies/words.js').WORDS
  | keyof typeof import('./planner/words.js').WORDS
  | keyof typeof import('./records/reports/words.js').WORDS
  | keyof typeof import('./records/words.js').WORDS
  | keyof typeof import('./shell/words.js').WORDS
  | keyof typeof import('./staff/words.js').WORDS
  ;
