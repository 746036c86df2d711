"""The schema's history: literal SQL, append-only. Nothing of ours is imported, so that a ledger of
any age can be replayed from its first schema: each migration runs at its place in the journal."""

from __future__ import annotations

from typing import Final, NamedTuple


class Migration(NamedTuple):
    """One step of the schema. The SQL is a pure function of the rows: no clock, no random."""

    name: str
    sql: str


_JOURNAL: Final = """
    CREATE TABLE entries (
        id INTEGER PRIMARY KEY,
        origin TEXT NOT NULL,
        seq INTEGER NOT NULL,
        act_uid TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('act', 'migration', 'insert', 'update', 'delete')),
        ledger TEXT NOT NULL,
        first_uid TEXT,
        last_uid TEXT,
        body ANY NOT NULL,
        prev_hash BLOB NOT NULL,
        hash BLOB NOT NULL,
        UNIQUE (origin, seq)
    ) STRICT;
    CREATE INDEX entries_rows ON entries(ledger, first_uid, last_uid) WHERE first_uid IS NOT NULL;
    CREATE INDEX entries_act ON entries(act_uid);
    CREATE TABLE d_acts (
        act_uid TEXT PRIMARY KEY,
        number INTEGER NOT NULL UNIQUE,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        kind TEXT NOT NULL,
        why TEXT NOT NULL,
        source TEXT NOT NULL,
        undoes TEXT,
        undone_by TEXT,
        row_count INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE ledger_info (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""

_LEDGERS: Final = """
    CREATE TABLE points (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        code TEXT NOT NULL UNIQUE,
        name TEXT,
        unified_code TEXT,
        former_code TEXT,
        town_uid TEXT REFERENCES regions(uid) ON DELETE RESTRICT,
        village_uid TEXT REFERENCES regions(uid) ON DELETE RESTRICT,
        village_group TEXT,
        place TEXT,
        longitude REAL,
        latitude REAL,
        coordinate_system TEXT,
        elevation_m REAL,
        status TEXT,
        stopped_on TEXT,
        use TEXT,
        well_kind TEXT,
        well_class TEXT,
        completed_on TEXT,
        depth_m REAL,
        casing_diameter_mm REAL,
        casing_material TEXT,
        aquifer TEXT,
        depth_to_water_m REAL,
        depth_to_water_on TEXT,
        yield_m3_h REAL,
        pump_model TEXT,
        pump_head_m REAL,
        pump_flow_m3_h REAL,
        pump_power_kw REAL,
        transformer TEXT,
        irrigated_area_mu REAL,
        actual_area_mu REAL,
        irrigation_method TEXT,
        crop TEXT,
        population INTEGER,
        owner TEXT,
        owner_id_no TEXT,
        phone TEXT,
        water_user_uid TEXT REFERENCES water_users(uid) ON DELETE RESTRICT,
        water_user_stated TEXT,
        manager TEXT,
        chief_county TEXT,
        chief_town TEXT,
        chief_village TEXT,
        permit_uid TEXT REFERENCES permits(uid) ON DELETE RESTRICT,
        permit_stated TEXT,
        permitted_volume_m3 REAL,
        planned_volume_m3 REAL,
        metering TEXT,
        meter_no TEXT,
        electricity_meter_no TEXT,
        meter_installed_on TEXT,
        meter_verified_until TEXT,
        power_coefficient REAL,
        replaces_uid TEXT REFERENCES points(uid) ON DELETE RESTRICT,
        replaces_stated TEXT,
        found_on TEXT,
        verified_on TEXT,
        verified_by TEXT,
        remark TEXT,
        river TEXT,
        intake_flow_m3_s REAL,
        yearly_max_m3 REAL
    ) STRICT;
    CREATE INDEX points_town_uid ON points(town_uid);
    CREATE INDEX points_village_uid ON points(village_uid);
    CREATE INDEX points_water_user_uid ON points(water_user_uid) WHERE water_user_uid IS NOT NULL;
    CREATE INDEX points_permit_uid ON points(permit_uid) WHERE permit_uid IS NOT NULL;
    CREATE INDEX points_replaces_uid ON points(replaces_uid) WHERE replaces_uid IS NOT NULL;
    CREATE TABLE permits (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        holder_uid TEXT REFERENCES water_users(uid) ON DELETE RESTRICT,
        holder_stated TEXT,
        uscc TEXT,
        phone TEXT,
        source TEXT,
        use TEXT,
        intake_method TEXT,
        place TEXT,
        permitted_volume_m3 REAL,
        daily_max_m3 REAL,
        well_count INTEGER,
        valid_from TEXT,
        valid_to TEXT,
        first_issued_on TEXT,
        renewals INTEGER,
        status TEXT,
        applied_on TEXT,
        application_no TEXT,
        decided_on TEXT,
        ended_on TEXT,
        ended_because TEXT,
        document TEXT,
        authority TEXT,
        supervisor TEXT,
        metering TEXT,
        discharge TEXT,
        remark TEXT
    ) STRICT;
    CREATE INDEX permits_holder_uid ON permits(holder_uid);
    CREATE TABLE water_users (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        kind TEXT,
        uscc TEXT,
        id_no TEXT,
        legal_person TEXT,
        phone TEXT,
        contact TEXT,
        industry TEXT,
        town_uid TEXT REFERENCES regions(uid) ON DELETE RESTRICT,
        address TEXT,
        remark TEXT
    ) STRICT;
    CREATE INDEX water_users_town_uid ON water_users(town_uid);
    CREATE TABLE closures (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        well_uid TEXT REFERENCES points(uid) ON DELETE RESTRICT,
        well_stated TEXT,
        method TEXT NOT NULL,
        reason TEXT,
        other_reasons TEXT,
        closed_on TEXT,
        notified_on TEXT,
        started_on TEXT,
        seal_method TEXT,
        implementer TEXT,
        contractor TEXT,
        supervisor TEXT,
        pump_removed TEXT,
        power_cut TEXT,
        meter_disposal TEXT,
        cost_yuan REAL,
        accepted_on TEXT,
        accepted_by TEXT,
        acceptance TEXT,
        checked_on TEXT,
        check_result TEXT,
        reduced_volume_m3 REAL,
        reduction_basis TEXT,
        substitute TEXT,
        document TEXT,
        cancelled_on TEXT,
        reopened_on TEXT,
        reopen_reason TEXT,
        reopen_document TEXT,
        remark TEXT
    ) STRICT;
    CREATE INDEX closures_well_uid ON closures(well_uid);
    CREATE TABLE projects (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        kind TEXT,
        town_uid TEXT REFERENCES regions(uid) ON DELETE RESTRICT,
        document TEXT,
        builder TEXT,
        planned_area_mu REAL,
        completed_area_mu REAL,
        fund_central_yuan REAL,
        fund_province_yuan REAL,
        fund_prefecture_yuan REAL,
        fund_county_yuan REAL,
        fund_own_yuan REAL,
        investment_yuan REAL,
        saving_capacity_m3 REAL,
        household_count INTEGER,
        started_on TEXT,
        completed_on TEXT,
        accepted_on TEXT,
        handed_over_on TEXT,
        operation TEXT,
        remark TEXT
    ) STRICT;
    CREATE INDEX projects_town_uid ON projects(town_uid);
    CREATE TABLE regions (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        code TEXT,
        level TEXT,
        parent_uid TEXT REFERENCES regions(uid) ON DELETE RESTRICT,
        valid_from TEXT,
        valid_to TEXT,
        successor_uid TEXT REFERENCES regions(uid) ON DELETE RESTRICT
    ) STRICT;
    CREATE INDEX regions_parent_uid ON regions(parent_uid) WHERE parent_uid IS NOT NULL;
    CREATE INDEX regions_successor_uid ON regions(successor_uid) WHERE successor_uid IS NOT NULL;
    CREATE TABLE areas (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        code TEXT,
        grade TEXT,
        area_km2 REAL,
        document TEXT,
        valid_from TEXT,
        valid_to TEXT,
        remark TEXT
    ) STRICT;
    CREATE TABLE documents (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL,
        subject TEXT,
        issuer TEXT,
        issued_on TEXT,
        remark TEXT
    ) STRICT;
    CREATE TABLE parameters (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        label TEXT,
        value TEXT NOT NULL,
        valid_from TEXT NOT NULL,
        valid_to TEXT,
        document TEXT,
        remark TEXT
    ) STRICT;
    CREATE TABLE operators (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        left_on TEXT
    ) STRICT;
    CREATE TABLE point_events (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        point_uid TEXT NOT NULL REFERENCES points(uid) ON DELETE RESTRICT,
        kind TEXT NOT NULL,
        happened_on TEXT NOT NULL,
        from_status TEXT,
        to_status TEXT,
        reason TEXT,
        document TEXT
    ) STRICT;
    CREATE INDEX point_events_point_uid ON point_events(point_uid);
    CREATE TABLE permit_versions (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        permit_uid TEXT NOT NULL REFERENCES permits(uid) ON DELETE RESTRICT,
        kind TEXT NOT NULL,
        holder_uid TEXT REFERENCES water_users(uid) ON DELETE RESTRICT,
        holder_stated TEXT,
        permitted_volume_m3 REAL,
        valid_from TEXT,
        valid_to TEXT,
        superseded_on TEXT NOT NULL,
        document TEXT
    ) STRICT;
    CREATE INDEX permit_versions_permit_uid ON permit_versions(permit_uid);
    CREATE INDEX permit_versions_holder_uid ON permit_versions(holder_uid);
    CREATE TABLE permit_shares (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        permit_uid TEXT NOT NULL REFERENCES permits(uid) ON DELETE RESTRICT,
        point_uid TEXT REFERENCES points(uid) ON DELETE RESTRICT,
        point_stated TEXT,
        share_m3 REAL,
        from_on TEXT,
        to_on TEXT
    ) STRICT;
    CREATE INDEX permit_shares_permit_uid ON permit_shares(permit_uid);
    CREATE INDEX permit_shares_point_uid ON permit_shares(point_uid) WHERE point_uid IS NOT NULL;
    CREATE TABLE project_quantities (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        project_uid TEXT NOT NULL REFERENCES projects(uid) ON DELETE RESTRICT,
        indicator TEXT NOT NULL,
        unit TEXT NOT NULL,
        planned REAL,
        done REAL
    ) STRICT;
    CREATE INDEX project_quantities_project_uid ON project_quantities(project_uid);
    CREATE TABLE project_places (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        project_uid TEXT NOT NULL REFERENCES projects(uid) ON DELETE RESTRICT,
        village_uid TEXT NOT NULL REFERENCES regions(uid) ON DELETE RESTRICT,
        area_mu REAL
    ) STRICT;
    CREATE INDEX project_places_project_uid ON project_places(project_uid);
    CREATE INDEX project_places_village_uid ON project_places(village_uid);
    CREATE TABLE project_points (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        project_uid TEXT NOT NULL REFERENCES projects(uid) ON DELETE RESTRICT,
        point_uid TEXT REFERENCES points(uid) ON DELETE RESTRICT,
        point_stated TEXT
    ) STRICT;
    CREATE INDEX project_points_project_uid ON project_points(project_uid);
    CREATE INDEX project_points_point_uid ON project_points(point_uid) WHERE point_uid IS NOT NULL;
    CREATE TABLE project_milestones (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        project_uid TEXT NOT NULL REFERENCES projects(uid) ON DELETE RESTRICT,
        kind TEXT NOT NULL,
        reached_on TEXT NOT NULL,
        document TEXT
    ) STRICT;
    CREATE INDEX project_milestones_project_uid ON project_milestones(project_uid);
    CREATE TABLE point_areas (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        point_uid TEXT NOT NULL REFERENCES points(uid) ON DELETE RESTRICT,
        area_uid TEXT NOT NULL REFERENCES areas(uid) ON DELETE RESTRICT,
        from_on TEXT,
        to_on TEXT
    ) STRICT;
    CREATE INDEX point_areas_point_uid ON point_areas(point_uid);
    CREATE INDEX point_areas_area_uid ON point_areas(area_uid);
    CREATE TABLE attachments (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        ledger TEXT NOT NULL,
        record_uid TEXT NOT NULL,
        name TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        kind TEXT,
        taken_on TEXT
    ) STRICT;
    CREATE TABLE finding_reasons (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        rule TEXT NOT NULL,
        record_uid TEXT NOT NULL,
        reason TEXT NOT NULL,
        document TEXT,
        noted_on TEXT NOT NULL
    ) STRICT;
    CREATE TABLE issued_reports (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        report TEXT NOT NULL,
        period TEXT NOT NULL,
        period_end TEXT NOT NULL,
        issued_on TEXT NOT NULL,
        figures TEXT NOT NULL,
        reason TEXT
    ) STRICT;
    CREATE TABLE import_profiles (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        ledger TEXT NOT NULL,
        name TEXT NOT NULL,
        mapping TEXT NOT NULL
    ) STRICT;
"""

_SEARCH: Final = """
    CREATE TABLE d_search_ledgers (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE d_search_text (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
    CREATE VIRTUAL TABLE d_search_fts USING fts5(
        text, content='d_search_text', content_rowid='id', columnsize=0, detail=none, tokenize='trigram case_sensitive 1'
    );
    CREATE VIRTUAL TABLE d_search_terms USING fts5vocab('d_search_fts', 'row');
    INSERT INTO d_search_fts (d_search_fts, rank) VALUES ('hashsize', 33554432);
    CREATE TABLE d_pinyin (
        text TEXT PRIMARY KEY,
        initials TEXT NOT NULL,
        sort_key TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
"""

_RECTIFICATIONS: Final = """
    CREATE TABLE rectifications (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        number TEXT,
        problem TEXT NOT NULL,
        heading TEXT,
        lead_unit TEXT,
        responsible_units TEXT,
        responsible_person TEXT,
        acceptance_unit TEXT,
        deadline_text TEXT,
        deadline_on TEXT,
        continuing TEXT,
        goal TEXT,
        status TEXT,
        status_text TEXT,
        progress TEXT,
        completion_percent REAL,
        completed_on TEXT,
        evidence TEXT,
        accepted_on TEXT,
        publicity_from TEXT,
        publicity_to TEXT,
        publicity_days TEXT,
        signed_off_on TEXT,
        document TEXT,
        source_title TEXT,
        issuer TEXT,
        issued_on TEXT,
        phones TEXT,
        source_file TEXT,
        remark TEXT
    ) STRICT;
    CREATE TABLE rectification_measures (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        task_uid TEXT NOT NULL REFERENCES rectifications(uid) ON DELETE RESTRICT,
        position INTEGER,
        ordinal TEXT,
        text TEXT NOT NULL,
        done TEXT,
        progress TEXT,
        remark TEXT
    ) STRICT;
    CREATE INDEX rectification_measures_task_uid ON rectification_measures(task_uid);
    CREATE TABLE rectification_areas (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        task_uid TEXT NOT NULL REFERENCES rectifications(uid) ON DELETE RESTRICT,
        position INTEGER,
        name TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX rectification_areas_task_uid ON rectification_areas(task_uid);
"""

MIGRATIONS: Final = (
    Migration("0001_journal", _JOURNAL),
    Migration("0002_wells_permits_closures_projects", _LEDGERS),
    Migration("0003_search", _SEARCH),
    Migration("0004_rectifications", _RECTIFICATIONS),
)
