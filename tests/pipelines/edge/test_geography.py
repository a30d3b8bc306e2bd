import json

import geopandas as gpd
import pytest
from shapely.geometry import LineString, MultiLineString, Point, Polygon, box

from insight.errors import MissingColumnsError
from insight.hotspots.segments import street_pieces
from pipelines.edge.geography import (
    GeographyError,
    read_area,
    read_postcodes,
    read_streets,
    read_wards,
)
from pipelines.edge.leaflet import leaflet_files

GRID = "EPSG:27700"


@pytest.fixture
def save(tmp_path):
    def write(shapes, *, crs=GRID, file="area.gpkg", **columns):
        path = tmp_path / file
        gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs).to_file(path)
        return path

    return write


def test_an_area_keeps_its_coordinate_system(save):
    area = read_area(save([box(0, 0, 10, 10)]))
    assert area.crs == GRID
    assert area.geometry.area.tolist() == [100]


def test_geojson_is_in_degrees(save):
    area = read_area(save([box(-1.1, 52.5, -1.0, 52.6)], crs="EPSG:4326", file="area.geojson"))
    assert area.crs.is_geographic


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(GeographyError, match=r"nowhere.geojson: there is no such"):
        read_area(tmp_path / "nowhere.geojson")


@pytest.mark.parametrize("content", [b"", b"not a map", b"%PDF-1.7"])
def test_what_is_no_map_is_refused_with_advice(tmp_path, content):
    path = tmp_path / "area.geojson"
    path.write_bytes(content)
    with pytest.raises(GeographyError, match="GeoJSON, GeoPackage or a Shapefile"):
        read_area(path)


def test_a_map_without_shapes_is_refused(tmp_path):
    path = tmp_path / "area.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    with pytest.raises(GeographyError, match="holds no shapes"):
        read_area(path)


def test_an_unknown_coordinate_system_is_refused(save):
    path = save([box(0, 0, 10, 10)], file="area.shp")
    path.with_suffix(".prj").unlink()  # as when three of a shapefile's files are sent
    with pytest.raises(GeographyError, match="names no coordinate reference system"):
        read_area(path)


def test_points_and_lines_are_no_area(save):
    path = save([Point(1, 1), LineString([(0, 0), (1, 1)])])
    with pytest.raises(GeographyError, match="only points or lines"):
        read_area(path)


def test_metres_that_claim_to_be_degrees_are_refused(tmp_path):
    path = tmp_path / "area.geojson"
    shape = {"type": "Polygon", "coordinates": [[[4e5, 3e5], [4e5, 4e5], [5e5, 3e5], [4e5, 3e5]]]}
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": shape}))
    with pytest.raises(GeographyError, match="too large"):
        read_area(path)


def test_a_broken_outline_is_mended(save):
    bow_tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    area = read_area(save([bow_tie]))
    assert area.geometry.is_valid.all()
    assert area.geometry.area.sum() == pytest.approx(50)


def test_mending_keeps_only_ground(save):
    spike = Polygon([(0, 0), (10, 0), (10, 10), (10, 20), (10, 10), (0, 10)])
    area = read_area(save([spike, box(20, 0, 30, 10)]))
    assert set(area.geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    assert area.geometry.area.tolist() == [100, 100]


@pytest.mark.parametrize("column", ["WD24NM", "WD13NM", "ward", "Ward_Name", "name"])
def test_a_wards_name_is_found_under_its_usual_names(save, column):
    path = save([box(0, 0, 1, 1)], **{column: [" Mill Lane "]}, other=[1])
    wards = read_wards(path)
    assert wards["ward"].tolist() == ["Mill Lane"]
    assert list(wards.columns) == ["ward", "code", "geometry"]


def test_a_welsh_name_beside_the_english_one_is_not_taken(save):
    path = save([box(0, 0, 1, 1)], WD13CD=["W05"], WD13NM=["Mold"], WD13NMW=["Yr Wyddgrug"])
    wards = read_wards(path)
    assert wards[["ward", "code"]].to_numpy().tolist() == [["Mold", "W05"]]


def test_parts_of_a_ward_become_one_in_order_of_name(save):
    shapes = [box(5, 0, 6, 1), box(0, 0, 1, 1), box(2, 0, 3, 1)]
    wards = read_wards(save(shapes, ward=["Birch", "Ash", "Ash"]))
    assert wards["ward"].tolist() == ["Ash", "Birch"]
    assert wards.geometry.area.tolist() == [2, 1]


def test_an_unclear_name_column_must_be_given(save):
    path = save([box(0, 0, 1, 1)], ward=["Ash"], name=["Elm"])
    with pytest.raises(GeographyError, match="say which"):
        read_wards(path)
    assert read_wards(path, name_column="name")["ward"].tolist() == ["Elm"]
    with pytest.raises(MissingColumnsError, match="wijk"):
        read_wards(path, name_column="wijk")


def test_no_name_column_lists_what_there_is(save):
    path = save([box(0, 0, 1, 1)], area_m2=[1.0])
    with pytest.raises(GeographyError, match="area_m2"):
        read_wards(path)


def test_a_ward_without_a_name_is_refused(save):
    path = save([box(0, 0, 1, 1), box(2, 0, 3, 1)], ward=["Ash", None])
    with pytest.raises(GeographyError, match="name every ward"):
        read_wards(path)


def test_postcodes_are_read_in_metres(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text("﻿Postcode,Easting,Northing,x\nZE1 1AA,460398,299060,1\nZE1 1AB,,,2\n")
    codes = read_postcodes(path)
    assert codes.to_numpy().tolist() == [["ZE1 1AA", 460398.0, 299060.0]]
    assert codes.dtypes.astype(str).tolist() == ["string", "float64", "float64"]


def test_a_postcode_file_says_what_it_lacks(tmp_path):
    path = tmp_path / "codes.csv"
    with pytest.raises(GeographyError, match="no such postcode file"):
        read_postcodes(path)
    path.write_text("postcode,x\nZE1 1AA,1\n")
    with pytest.raises(MissingColumnsError, match="easting, northing"):
        read_postcodes(path)
    path.write_bytes(b"")
    with pytest.raises(GeographyError, match="can't be read as CSV"):
        read_postcodes(path)


def test_leaflet_asks_for_no_other_file():
    script, styles = leaflet_files()
    assert "Leaflet 1.9" in script
    assert "sourceMappingURL" not in script
    assert "</script" not in script
    assert "url(images" not in styles
    assert styles.count("url(data:image/png;base64,") == 3


def test_the_boroughs_wards_and_postcodes_are_read(real_data):
    folder = real_data / "oadby-wigston-geography"
    wards = read_wards(folder / "wards_E07000135.geojson")
    assert len(wards) == 10
    assert wards["code"].str.startswith("E0500").all()
    assert len(read_wards(folder / "leicestershire_wards.geojson", name_column="WD13NM")) > 100
    assert len(read_postcodes(folder / "postcodes_le2_le18.csv")) == 2_731


def test_streets_are_lines_with_a_name(tmp_path):
    lines = gpd.GeoDataFrame(
        {"name1": ["Mill Lane", None]},
        geometry=[LineString([(0, 0), (1, 1)]), LineString([(0, 1), (1, 2)])],
        crs="EPSG:27700",
    )
    lines.to_file(tmp_path / "streets.gpkg")
    assert read_streets(tmp_path / "streets.gpkg")["street"].tolist() == ["Mill Lane"]


def test_a_file_of_streets_without_names_or_lines_is_refused(tmp_path):
    lines = gpd.GeoDataFrame({"name": ["Mill Lane"]}, geometry=[Point(0, 0)], crs="EPSG:27700")
    lines.to_file(tmp_path / "points.gpkg")
    with pytest.raises(GeographyError, match="no lines with a name"):
        read_streets(tmp_path / "points.gpkg")


def open_roads(path):
    """A GeoPackage laid out as OS Open Roads is: points first, then links with name_1."""
    point = gpd.GeoDataFrame({"id": ["a"]}, geometry=[Point(0, 0)], crs="EPSG:27700")
    point.to_file(path, layer="motorway_junction")
    links = gpd.GeoDataFrame(
        {"name_1": ["Mill Lane", " ", "Far Road"], "name_1_lang": [None, None, None]},
        geometry=[
            LineString([(460_000, 300_000, 9.0), (460_100, 300_000, 9.0)]),
            LineString([(460_000, 300_050), (460_100, 300_050)]),
            LineString([(480_000, 300_000), (480_100, 300_000)]),
        ],
        crs="EPSG:27700",
    )
    links.to_file(path, layer="road_link")
    return path


def test_streets_are_found_among_layers_and_kept_within_the_area(tmp_path):
    path = open_roads(tmp_path / "oproad_gb.gpkg")
    assert read_streets(path)["street"].tolist() == ["Mill Lane", "Far Road"]
    borough = gpd.GeoDataFrame(geometry=[box(459_000, 299_000, 461_000, 301_000)], crs="EPSG:27700")
    near = read_streets(path, borough.to_crs("EPSG:4326"))
    assert near["street"].tolist() == ["Mill Lane"]
    assert not near.geometry.has_z.any()
    elsewhere = borough.translate(xoff=100_000).to_frame("geometry")
    with pytest.raises(GeographyError, match="holds no street within the area"):
        read_streets(path, elsewhere)


def test_polygons_are_found_among_layers(tmp_path):
    point = gpd.GeoDataFrame({"id": ["a"]}, geometry=[Point(0, 0)], crs="EPSG:27700")
    point.to_file(tmp_path / "all.gpkg", layer="offices")
    ward = gpd.GeoDataFrame({"ward": ["Ash"]}, geometry=[box(0, 0, 9, 9)], crs="EPSG:27700")
    ward.to_file(tmp_path / "all.gpkg", layer="wards")
    assert read_wards(tmp_path / "all.gpkg")["ward"].tolist() == ["Ash"]


def test_streets_without_a_name_column_say_what_to_do_in_the_file(tmp_path):
    lines = gpd.GeoDataFrame({"ID": [1]}, geometry=[LineString([(0, 0), (1, 1)])], crs="EPSG:27700")
    lines.to_file(tmp_path / "streets.gpkg")
    with pytest.raises(GeographyError, match="call it `street` in that file"):
        read_streets(tmp_path / "streets.gpkg")


@pytest.mark.parametrize("rings", [[[[-1.2, 52.5], [-1, 52.5], [-1, 52.7], [-1.2, 52.7]]], []])
def test_an_outline_that_does_not_close_is_closed_and_an_empty_one_told(tmp_path, rings, recwarn):
    shape = {"type": "Polygon", "coordinates": rings}
    feature = {"type": "Feature", "properties": {"ward": "Ash"}, "geometry": shape}
    path = tmp_path / "wards.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    if rings:
        assert read_wards(path).total_bounds.tolist() == [-1.2, 52.5, -1.0, 52.7]
    else:
        with pytest.raises(GeographyError, match="holds no shapes"):
            read_area(path)
    assert len(recwarn) == 0


@pytest.mark.parametrize("column", ["STREET_DES", "roadName1", "descriptor", "ST_NAME", "Strasse"])
def test_a_councils_own_street_file_names_its_streets_as_it_likes(tmp_path, column):
    lines = gpd.GeoDataFrame(
        {column: ["Mill Lane", "Mill Lane"], "name": [None, None]},
        geometry=[
            MultiLineString([[(0, 0), (60, 0)], [(90, 0), (150, 0)]]),
            LineString([(150, 0), (200, 0)]),
        ],
        crs="EPSG:27700",
    )  # fmt: skip
    lines.to_file(tmp_path / "streets.shp")
    told = "Strasse" if column == "Strasse" else None
    streets = read_streets(tmp_path / "streets.shp", name_column=told)
    assert set(streets["street"]) == {"Mill Lane"}
    # The two records meet, the gap between two parts stays: lines of 60 and of 110 metres.
    assert street_pieces(streets).length_m.tolist() == pytest.approx([60, 55, 55])
    with pytest.raises(MissingColumnsError, match="nowhere"):
        read_streets(tmp_path / "streets.shp", name_column="nowhere")


def test_streets_in_metres_that_claim_to_be_degrees_are_refused(tmp_path):
    line = {"type": "LineString", "coordinates": [[460_000, 300_000], [460_100, 300_000]]}
    street = {"type": "Feature", "properties": {"name": "Mill Lane"}, "geometry": line}
    path = tmp_path / "streets.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [street]}), "utf-8")
    with pytest.raises(GeographyError, match="too large for that"):
        read_streets(path)
