//! Images and their classes, from the digits or from IDX files.
//!
//! Deliberately absent: standardization. Pixels are divided by the most that the format allows.

use std::path::Path;

use anyhow::{Context, bail, ensure};
use numbers::Matrix;

/// Every fifth image of the digits is for the test, from the fifth on.
const TEST_SHARE: usize = 5;
/// The largest pixel of the digits; their pixels are 0 to 16.
const LARGEST_OF_DIGITS: f64 = 16.0;
/// The largest pixel of IDX files; their pixels are bytes.
const LARGEST_OF_IDX: f64 = 255.0;
/// The largest label: a digit, or a byte.
const LAST_DIGIT: f64 = 9.0;
const LAST_OF_IDX: f64 = 255.0;

/// Images in order, row by row, with pixels from 0 to 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Images {
    /// The pixels of the first image, then those of the second, and so on.
    pub pixels: Vec<f32>,
    /// The class of each image, from 0.
    pub labels: Vec<u32>,
    /// The number of pixels of an image.
    pub features: usize,
}

/// Images to learn from, and images that tell how well they were learnt.
#[derive(Debug, Clone)]
pub struct DataSet {
    /// The images that SGD draws from.
    pub train: Images,
    /// The images for the test, which SGD never draws.
    pub test: Images,
    /// How many classes there are.
    pub classes: usize,
}

impl Images {
    /// The pixels of an image.
    pub fn image(&self, i: usize) -> &[f32] {
        &self.pixels[i * self.features..][..self.features]
    }

    /// One image a row, with pixels from 0 to `largest`, and one label for each, from 0 to `last`.
    fn new(pixels: &Matrix<f64>, labels: &[f64], [largest, last]: [f64; 2]) -> anyhow::Result<Self> {
        ensure!(!pixels.is_empty(), "no images");
        ensure!(
            pixels.nrows() == labels.len(),
            "{} labels: expected one for each of {} images",
            labels.len(),
            pixels.nrows()
        );
        if let Some(pixel) = pixels.iter().find(|pixel| !(0.0..=largest).contains(*pixel)) {
            bail!("pixel {pixel}: expected 0 to {largest}");
        }
        if let Some(label) = labels.iter().find(|label| !(0.0..=last).contains(*label) || label.fract() != 0.0) {
            bail!("label {label}: expected an integer from 0 to {last}");
        }
        Ok(Images {
            pixels: pixels
                .row_iter()
                .flat_map(|row| Vec::from_iter(row.iter().map(|v| (v / largest) as f32)))
                .collect(),
            labels: labels.iter().map(|label| *label as u32).collect(),
            features: pixels.ncols(),
        })
    }

    /// The images whose number satisfies the predicate.
    fn where_number(&self, holds: impl Fn(usize) -> bool) -> Images {
        let numbers = Vec::from_iter((0..self.labels.len()).filter(|&i| holds(i)));
        Images {
            pixels: numbers.iter().flat_map(|&i| self.image(i)).copied().collect(),
            labels: numbers.iter().map(|&i| self.labels[i]).collect(),
            features: self.features,
        }
    }
}

impl DataSet {
    /// The handwritten digits: a CSV file with a header, pixels from 0 to 16, and the digit in the last column.
    ///
    /// Every fifth image is for the test; the file is in no order, so that a fixed rule will do.
    pub fn digits(path: &Path) -> anyhow::Result<Self> {
        let all = of_digits(&problem::numbers(path)?).with_context(|| path.display().to_string())?;
        let is_test = |i: usize| i % TEST_SHARE == TEST_SHARE - 1;
        DataSet::new(all.where_number(|i| !is_test(i)), all.where_number(is_test))
    }

    /// Four IDX files: images and labels to learn from, and those for the test.
    pub fn idx([images, labels, test_images, test_labels]: [&Path; 4]) -> anyhow::Result<Self> {
        let pair = |images: &Path, labels: &Path| {
            let [pixels, classes]: [Matrix<f64>; 2] = [problem::numbers(images)?, problem::numbers(labels)?];
            let both = || {
                ensure!(classes.ncols() == 1, "{} columns of labels: expected one", classes.ncols());
                // Fractions would belong to images whose pixels were divided already.
                ensure!(pixels.iter().all(|pixel| pixel.fract() == 0.0), "pixels that are no integers: expected bytes");
                Images::new(&pixels, classes.as_slice(), [LARGEST_OF_IDX, LAST_OF_IDX])
            };
            both().with_context(|| format!("{} and {}", images.display(), labels.display()))
        };
        DataSet::new(pair(images, labels)?, pair(test_images, test_labels)?)
    }

    /// Checks that the test can be answered by what is learnt.
    pub fn new(train: Images, test: Images) -> anyhow::Result<Self> {
        ensure!(!test.labels.is_empty(), "no images for the test");
        ensure!(train.features == test.features, "images of {} pixels, for the test {}", train.features, test.features);
        let classes = train.labels.iter().max().map_or(0, |most| *most as usize + 1);
        ensure!(classes >= 2, "one class: expected two or more");
        if let Some(unknown) = test.labels.iter().find(|label| **label as usize >= classes) {
            bail!("class {unknown} in the test: expected one of the {classes} to learn");
        }
        Ok(DataSet { train, test, classes })
    }

    /// A checksum of every pixel and label: data sets with equal checksums are taken for one.
    pub fn checksum(&self) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        for Images { pixels, labels, .. } in [&self.train, &self.test] {
            pixels.iter().for_each(|pixel| hasher.update(&pixel.to_le_bytes()));
            labels.iter().for_each(|label| hasher.update(&label.to_le_bytes()));
        }
        hasher.finalize()
    }
}

/// The images of a table whose last column has the digit.
fn of_digits(table: &Matrix<f64>) -> anyhow::Result<Images> {
    let features = table.ncols().checked_sub(1).context("no columns")?;
    Images::new(
        &table.columns(0, features).into_owned(),
        table.column(features).as_slice(),
        [LARGEST_OF_DIGITS, LAST_DIGIT],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// An IDX file of bytes.
    fn idx(shape: &[u32], entries: &[u8]) -> Vec<u8> {
        let shape_bytes = shape.iter().flat_map(|d| d.to_be_bytes());
        [0, 0, 8, shape.len() as u8].into_iter().chain(shape_bytes).chain(entries.iter().copied()).collect()
    }

    #[test]
    fn reads_idx_files() {
        let folder = tempfile::tempdir().unwrap();
        let [images, labels] = ["images", "labels"].map(|name| folder.path().join(name));
        fs::write(&images, idx(&[2, 1, 2], &[0, 255, 51, 0])).unwrap();
        fs::write(&labels, idx(&[2], &[1, 0])).unwrap();
        let data = DataSet::idx([&images, &labels, &images, &labels]).unwrap();
        assert_eq!(data.train, Images { pixels: vec![0.0, 1.0, 0.2, 0.0], labels: vec![1, 0], features: 2 });
        fs::write(&labels, idx(&[3], &[1, 0, 1])).unwrap();
        assert!(DataSet::idx([&images, &labels, &images, &labels]).is_err(), "three labels for two images");
        fs::write(&labels, idx(&[1, 2], &[1, 0])).unwrap();
        assert!(DataSet::idx([&images, &labels, &images, &labels]).is_err(), "two labels for one image");
        fs::write(&labels, idx(&[2], &[1, 0])).unwrap();
        // Two pixels of the type 0d, single precision: 1/2 and 0.
        fs::write(&images, [&[0, 0, 0x0d, 1, 0, 0, 0, 2][..], &0.5_f32.to_be_bytes(), &[0; 4]].concat()).unwrap();
        assert!(DataSet::idx([&images, &labels, &images, &labels]).is_err(), "pixels that are no bytes");
    }

    #[test]
    fn refuses_what_is_no_image() {
        let read = |row: &[f64]| of_digits(&Matrix::from_row_slice(1, row.len(), row));
        assert_eq!(read(&[8.0, 16.0, 3.0]).unwrap(), Images { pixels: vec![0.5, 1.0], labels: vec![3], features: 2 });
        assert!(read(&[16.0, 9.0]).is_ok());
        for row in [
            &[][..],
            &[3.0],
            &[8.0, 17.0, 3.0],
            &[-1.0, 3.0],
            &[f64::NAN, 3.0],
            &[8.0, 3.5],
            &[8.0, -1.0],
            &[8.0, 10.0],
        ] {
            assert!(read(row).is_err(), "{row:?}");
        }
        assert!(of_digits(&Matrix::zeros(0, 3)).is_err());
    }

    #[test]
    fn every_fifth_digit_is_for_the_test() {
        let data = DataSet::digits(&crate::root().join("data/digits.csv")).unwrap();
        assert_eq!([data.train.labels.len(), data.test.labels.len()], [1438, 359]);
        assert_eq!((data.train.features, data.classes), (64, 10));
        let mut another = data.clone();
        another.test.pixels[7] += 0.5;
        assert_ne!(data.checksum(), another.checksum());
    }

    #[test]
    fn refuses_a_class_that_cannot_be_learnt() {
        let images = |labels: &[f64]| Images::new(&Matrix::zeros(labels.len(), 1), labels, [1.0, LAST_DIGIT]).unwrap();
        assert!(DataSet::new(images(&[0.0, 1.0]), images(&[1.0])).is_ok());
        assert!(DataSet::new(images(&[0.0, 1.0]), images(&[2.0])).is_err());
        assert!(DataSet::new(images(&[0.0, 0.0]), images(&[0.0])).is_err());
    }
}
