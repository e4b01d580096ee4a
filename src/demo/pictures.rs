//! Pictures of the demo world, drawn here: a portrait for each person and model weeks. No photograph of anybody.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use base::lang::Lang;

type Colour = [u8; 3];

/// The side of a portrait in pixels; it is drawn on a board of 240 by 240.
const SIDE: u32 = 160;
const GRAIN: f32 = 240.0 / SIDE as f32;

/// A picture under the brush. A shape is its signed distance: below zero is inside.
struct Canvas {
    pixels: RgbImage,
}

impl Canvas {
    fn new(width: u32, height: u32, ground: Colour) -> Canvas {
        Canvas { pixels: RgbImage::from_pixel(width, height, Rgb(ground)) }
    }

    /// Fills a shape that lies inside a box: left, top, right, bottom on the board.
    fn fill(&mut self, colour: Colour, within: [f32; 4], shape: impl Fn(f32, f32) -> f32) {
        self.glaze(colour, 1.0, within, shape);
    }

    fn glaze(&mut self, colour: Colour, strength: f32, within: [f32; 4], shape: impl Fn(f32, f32) -> f32) {
        let (width, height) = self.pixels.dimensions();
        let [left, top, right, bottom] = within.map(|edge| (edge / GRAIN).max(0.0) as u32);
        let pixels: &mut [u8] = &mut self.pixels;
        for y in top..(bottom + 2).min(height) {
            for x in left..(right + 2).min(width) {
                let distance = shape((x as f32 + 0.5) * GRAIN, (y as f32 + 0.5) * GRAIN) / GRAIN;
                if distance < 0.5 {
                    let cover = if distance <= -0.5 { strength } else { (0.5 - distance) * strength };
                    let at = (y * width + x) as usize * 3;
                    for part in 0..3 {
                        let (under, over) = (f32::from(pixels[at + part]), f32::from(colour[part]));
                        pixels[at + part] = (under + (over - under) * cover) as u8;
                    }
                }
            }
        }
    }

    /// Fills a box with round corners; cheap, because it looks at its own pixels only.
    fn card(&mut self, colour: Colour, (left, top): (u32, u32), (width, height): (u32, u32), radius: f32) {
        let (right, bottom) = ((left + width).min(self.pixels.width()), (top + height).min(self.pixels.height()));
        let (half_x, half_y) = (width as f32 / 2.0, height as f32 / 2.0);
        for y in top..bottom {
            for x in left..right {
                let dx = (x as f32 + 0.5 - left as f32 - half_x).abs() - half_x + radius;
                let dy = (y as f32 + 0.5 - top as f32 - half_y).abs() - half_y + radius;
                let cover = if dx <= 0.0 || dy <= 0.0 { 1.0 } else { (0.5 + radius - dx.hypot(dy)).clamp(0.0, 1.0) };
                let pixel = self.pixels.get_pixel_mut(x, y);
                for (under, over) in pixel.0.iter_mut().zip(colour) {
                    *under = (f32::from(*under) * (1.0 - cover) + f32::from(over) * cover).round() as u8;
                }
            }
        }
    }

    fn write(&mut self, colour: Colour, (left, top): (u32, u32), text: &str, scale: u32) {
        for (at, letter) in text.chars().enumerate() {
            for (row, bits) in glyph(letter).into_iter().enumerate() {
                for column in 0..5 {
                    if bits >> (4 - column) & 1 == 1 {
                        let x = left + (at as u32 * 6 + column) * scale;
                        self.card(colour, (x, top + row as u32 * scale), (scale, scale), 0.0);
                    }
                }
            }
        }
    }

    fn png(self) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        // A picture in memory is always written.
        let _ = self.pixels.write_to(&mut bytes, ImageFormat::Png);
        bytes.into_inner()
    }
}

fn oval(x: f32, y: f32, centre: (f32, f32), radii: (f32, f32)) -> f32 {
    let (x, y) = ((x - centre.0) / radii.0, (y - centre.1) / radii.1);
    let (near, slope) = (x * x + y * y, (x / radii.0) * (x / radii.0) + (y / radii.1) * (y / radii.1));
    // Half the square's slope: good enough a distance near the edge.
    (near - 1.0) / (2.0 * slope.sqrt() + 1e-9)
}

fn circle(x: f32, y: f32, centre: (f32, f32), radius: f32) -> f32 {
    let (x, y) = (x - centre.0, y - centre.1);
    (x * x + y * y).sqrt() - radius
}

/// The box around an oval.
fn around(centre: (f32, f32), radii: (f32, f32)) -> [f32; 4] {
    [centre.0 - radii.0, centre.1 - radii.1, centre.0 + radii.0, centre.1 + radii.1]
}

const GROUNDS: [Colour; 7] = [
    [236, 221, 203],
    [214, 226, 220],
    [226, 216, 231],
    [240, 226, 188],
    [210, 222, 234],
    [233, 211, 204],
    [219, 227, 202],
];
const SKINS: [Colour; 6] =
    [[247, 216, 190], [238, 196, 164], [222, 173, 136], [190, 134, 96], [145, 96, 66], [101, 66, 47]];
const HAIRS: [Colour; 7] =
    [[38, 30, 28], [72, 46, 34], [113, 74, 46], [163, 110, 58], [203, 165, 104], [150, 68, 42], [166, 162, 158]];
const CLOTHS: [Colour; 8] = [
    [35, 64, 77],
    [122, 48, 40],
    [62, 84, 60],
    [70, 60, 98],
    [190, 132, 58],
    [44, 44, 52],
    [93, 110, 132],
    [136, 92, 104],
];
const INK: Colour = [40, 32, 32];

/// Where somebody's portrait differs from the others'.
#[derive(Debug, Clone, Copy)]
pub struct Features {
    pub number: usize,
    /// Short hair and perhaps a beard, as the first name is mostly a man's.
    pub man: bool,
    /// From pale to dark, 0 to 5.
    pub skin: usize,
}

/// A portrait.
pub fn portrait(features: &Features) -> Vec<u8> {
    let Features { number, man, skin } = *features;
    let mixed = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let pick = |salt: u64, of: usize| (mixed >> (salt * 3)) as usize % of;
    let skin_tone = SKINS[skin % SKINS.len()];
    let hair_choices = if skin >= 3 { 2 } else { HAIRS.len() };
    let hair = HAIRS[pick(3, hair_choices)];
    let cloth = CLOTHS[pick(9, CLOTHS.len())];
    let shade = skin_tone.map(|part| (f32::from(part) * 0.86) as u8);
    let mut canvas = Canvas::new(SIDE, SIDE, GROUNDS[pick(1, GROUNDS.len())]);
    let style = pick(5, if man { 3 } else { 5 });

    // Hair behind the head.
    match (man, style) {
        (true, _) => {}
        (false, 0) => canvas.fill(hair, [60.0, 48.0, 180.0, 212.0], |x, y| oval(x, y, (120.0, 130.0), (60.0, 82.0))),
        (false, 1) => canvas
            .fill(hair, [62.0, 54.0, 178.0, 155.0], |x, y| oval(x, y, (120.0, 112.0), (58.0, 58.0)).max(y - 154.0)),
        (false, 2) => canvas.fill(hair, [98.0, 22.0, 142.0, 66.0], |x, y| circle(x, y, (120.0, 44.0), 22.0)),
        (false, 3) => {
            for at in 0..9 {
                let angle = std::f32::consts::PI * (0.92 + 1.16 * at as f32 / 8.0);
                let centre = (120.0 + 48.0 * angle.cos(), 104.0 + 48.0 * angle.sin());
                canvas.fill(hair, around(centre, (24.0, 24.0)), |x, y| circle(x, y, centre, 24.0));
            }
        }
        (false, _) => canvas.fill(hair, [134.0, 82.0, 182.0, 198.0], |x, y| oval(x, y, (158.0, 140.0), (24.0, 58.0))),
    }
    // Shoulders, neck, collar.
    canvas.fill(cloth, [28.0, 178.0, 212.0, 240.0], |x, y| oval(x, y, (120.0, 262.0), (92.0, 82.0)));
    canvas.fill(shade, [100.0, 126.0, 140.0, 194.0], |x, y| oval(x, y, (120.0, 160.0), (19.0, 34.0)));
    if pick(11, 2) == 0 {
        let light = cloth.map(|part| part.saturating_add(38));
        canvas.fill(light, [84.0, 183.0, 156.0, 223.0], |x, y| {
            ((x - 120.0).abs() * 0.9 + (192.0 - y) * 0.5 - 12.0).max(y - 222.0).max(184.0 - y)
        });
        canvas.fill(shade, [96.0, 175.0, 144.0, 202.0], |x, y| ((x - 120.0).abs() * 1.2 + (y - 200.0)).max(176.0 - y));
    }
    // Head.
    canvas.fill(shade, [70.0, 103.0, 170.0, 121.0], |x, y| {
        circle(x, y, (79.0, 112.0), 9.0).min(circle(x, y, (161.0, 112.0), 9.0))
    });
    canvas.fill(skin_tone, [79.0, 58.0, 161.0, 158.0], |x, y| oval(x, y, (120.0, 108.0), (41.0, 50.0)));
    canvas.glaze([214, 96, 84], 0.16, [87.0, 117.0, 153.0, 131.0], |x, y| {
        oval(x, y, (97.0, 124.0), (10.0, 7.0)).min(oval(x, y, (143.0, 124.0), (10.0, 7.0)))
    });
    if man && pick(13, 3) == 0 {
        canvas.fill(hair, [78.0, 111.0, 162.0, 162.0], |x, y| {
            let jaw = oval(x, y, (120.0, 110.0), (42.0, 52.0)).max(-oval(x, y, (120.0, 96.0), (38.0, 44.0)));
            jaw.max(112.0 - y)
        });
    }
    // Hair in front.
    let part = if pick(15, 2) == 0 { 10.0 } else { -10.0 };
    match (man, style) {
        (true, 2) => canvas.glaze(hair, 0.55, [72.0, 46.0, 168.0, 150.0], |x, y| {
            oval(x, y, (120.0, 104.0), (42.0, 48.0)).max(-oval(x, y, (120.0, 124.0), (44.0, 50.0)))
        }),
        (true, 1) => canvas.fill(hair, [72.0, 46.0, 168.0, 150.0], |x, y| {
            oval(x, y, (120.0, 94.0), (47.0, 47.0)).max(-oval(x, y, (120.0 + part, 124.0), (44.0, 48.0))).max(y - 112.0)
        }),
        (false, 3) => canvas.fill(hair, [72.0, 46.0, 168.0, 150.0], |x, y| {
            oval(x, y, (120.0, 92.0), (46.0, 42.0)).max(-oval(x, y, (120.0, 124.0), (42.0, 48.0)))
        }),
        _ => canvas.fill(hair, [72.0, 46.0, 168.0, 150.0], |x, y| {
            oval(x, y, (120.0, 98.0), (46.0, 50.0)).max(-oval(x, y, (120.0 + part, 126.0), (43.0, 50.0)))
        }),
    }
    // Face.
    let brow = if hair[0] > 150 { [120, 92, 70] } else { hair };
    canvas.fill(brow, [95.0, 94.0, 145.0, 100.0], |x, y| {
        oval(x, y, (104.0, 97.0), (8.5, 1.9)).min(oval(x, y, (136.0, 97.0), (8.5, 1.9)))
    });
    canvas.fill(INK, [100.0, 104.0, 140.0, 112.0], |x, y| {
        circle(x, y, (104.5, 108.0), 3.4).min(circle(x, y, (135.5, 108.0), 3.4))
    });
    canvas.fill(shade, [115.0, 116.0, 125.0, 122.0], |x, y| oval(x, y, (120.0, 119.0), (4.5, 2.6)));
    let lips = if skin >= 4 { [92, 40, 40] } else { [158, 70, 66] };
    canvas.fill(lips, [104.0, 129.0, 136.0, 139.0], |x, y| {
        let ring = (circle(x, y, (120.0, 122.0), 14.0)).abs() - 1.7;
        ring.max(130.0 - y)
    });
    if pick(17, 4) == 0 {
        canvas.fill(INK, [90.0, 94.0, 150.0, 122.0], |x, y| {
            let rims =
                (circle(x, y, (104.0, 108.0), 12.0).abs() - 1.2).min(circle(x, y, (136.0, 108.0), 12.0).abs() - 1.2);
            rims.min(((y - 106.0).abs() - 1.1).max((x - 120.0).abs() - 4.5))
        });
    }
    canvas.png()
}

/// A model week: quiet hours, meetings and paperwork, as a picture of 1000 by 640 pixels.
pub fn week(variant: usize, lang: Lang) -> Vec<u8> {
    const PAPER: Colour = [250, 247, 241];
    const LINE: Colour = [221, 213, 200];
    const TEXT: Colour = [54, 50, 46];
    const WORK: [Colour; 3] = [[35, 84, 77], [201, 138, 58], [163, 170, 181]];
    let (days, names) = match lang {
        Lang::Fr => (["LUN", "MAR", "MER", "JEU", "VEN"], ["AU CALME", "RENDEZ-VOUS", "ADMINISTRATIF"]),
        Lang::En => (["MON", "TUE", "WED", "THU", "FRI"], ["QUIET WORK", "MEETINGS", "PAPERWORK"]),
    };
    let mut canvas = Canvas::new(1000, 640, PAPER);
    for hour in 0..9_u32 {
        let y = 80 + hour * 56;
        canvas.card(LINE, (90, y), (880, 1), 0.0);
        canvas.write(TEXT, (34, y.saturating_sub(7)), &format!("{:02}", 9 + hour), 2);
    }
    for (at, day) in days.into_iter().enumerate() {
        let x = 96 + at as u32 * 176;
        canvas.write(TEXT, (x + 54, 36), day, 3);
        let mut hour = 0;
        let mut turn = variant + at * 2;
        while hour < 8 {
            let long = [3, 1, 2, 2][turn % 4].min(8 - hour);
            // Noon stays free.
            if hour <= 3 && hour + long > 3 {
                let before = 3 - hour;
                if before > 0 {
                    canvas.card(WORK[turn % 3], (x, 84 + hour * 56), (160, before * 56 - 7), 9.0);
                }
                hour = 5;
            } else {
                canvas.card(WORK[turn % 3], (x, 84 + hour * 56), (160, long * 56 - 7), 9.0);
                hour += long;
            }
            turn += 1;
        }
    }
    for (at, (name, colour)) in names.into_iter().zip(WORK).enumerate() {
        let x = 96 + at as u32 * 290;
        canvas.card(colour, (x, 590), (22, 22), 5.0);
        canvas.write(TEXT, (x + 34, 594), name, 2);
    }
    canvas.png()
}

/// Five columns by seven rows, the top row first.
const fn glyph(letter: char) -> [u8; 7] {
    match letter {
        'A' => [14, 17, 17, 31, 17, 17, 17],
        'B' => [30, 17, 17, 30, 17, 17, 30],
        'C' => [14, 17, 16, 16, 16, 17, 14],
        'D' => [30, 17, 17, 17, 17, 17, 30],
        'E' => [31, 16, 16, 30, 16, 16, 31],
        'F' => [31, 16, 16, 30, 16, 16, 16],
        'G' => [14, 17, 16, 23, 17, 17, 14],
        'H' => [17, 17, 17, 31, 17, 17, 17],
        'I' => [14, 4, 4, 4, 4, 4, 14],
        'J' => [7, 2, 2, 2, 2, 18, 12],
        'K' => [17, 18, 20, 24, 20, 18, 17],
        'L' => [16, 16, 16, 16, 16, 16, 31],
        'M' => [17, 27, 21, 21, 17, 17, 17],
        'N' => [17, 25, 21, 19, 17, 17, 17],
        'O' => [14, 17, 17, 17, 17, 17, 14],
        'P' => [30, 17, 17, 30, 16, 16, 16],
        'Q' => [14, 17, 17, 17, 21, 18, 13],
        'R' => [30, 17, 17, 30, 20, 18, 17],
        'S' => [15, 16, 16, 14, 1, 1, 30],
        'T' => [31, 4, 4, 4, 4, 4, 4],
        'U' => [17, 17, 17, 17, 17, 17, 14],
        'V' => [17, 17, 17, 17, 17, 10, 4],
        'W' => [17, 17, 17, 21, 21, 27, 17],
        'Z' => [31, 1, 2, 4, 8, 16, 31],
        '0' => [14, 17, 19, 21, 25, 17, 14],
        '1' => [4, 12, 4, 4, 4, 4, 14],
        '2' => [14, 17, 1, 6, 8, 16, 31],
        '3' => [14, 17, 1, 6, 1, 17, 14],
        '4' => [2, 6, 10, 18, 31, 2, 2],
        '5' => [31, 16, 30, 1, 1, 17, 14],
        '6' => [14, 16, 30, 17, 17, 17, 14],
        '7' => [31, 1, 2, 4, 8, 8, 8],
        '8' => [14, 17, 17, 14, 17, 17, 14],
        '9' => [14, 17, 17, 15, 1, 1, 14],
        '-' => [0, 0, 0, 14, 0, 0, 0],
        _ => [0; 7],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::files;

    #[test]
    fn a_portrait_is_a_picture_and_no_two_neighbours_look_the_same() {
        let of = |number: usize| portrait(&Features { number, man: number.is_multiple_of(2), skin: number % 6 });
        for number in 0..8 {
            let kept = files::prepare("portrait.png", of(number)).expect("a picture passes the checks of an upload");
            assert_eq!(kept.size, Some((SIDE, SIDE)));
            assert_ne!(of(number), of(number + 1), "{number}");
        }
    }
}
