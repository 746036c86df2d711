"""Every ledger declared once, one module a subject."""

from typing import Final

from ledger_app.core.entities import closures, office, permits, places, points, projects, rectifications
from ledger_app.core.entity import Registry

LEDGERS: Final = Registry(
    (
        points.WELLS,
        points.INTAKES,
        permits.PERMITS,
        office.WATER_USERS,
        closures.CLOSURES,
        projects.PROJECTS,
        rectifications.RECTIFICATIONS,
        rectifications.RECTIFICATION_MEASURES,
        places.REGIONS,
        places.AREAS,
        office.DOCUMENTS,
        office.PARAMETERS,
        office.OPERATORS,
        points.POINT_EVENTS,
        permits.PERMIT_VERSIONS,
        permits.PERMIT_SHARES,
        projects.PROJECT_QUANTITIES,
        projects.PROJECT_PLACES,
        projects.PROJECT_POINTS,
        projects.PROJECT_MILESTONES,
        rectifications.RECTIFICATION_AREAS,
        places.POINT_AREAS,
        office.ATTACHMENTS,
        office.FINDING_REASONS,
        office.ISSUED_REPORTS,
        office.IMPORT_PROFILES,
    )
)
